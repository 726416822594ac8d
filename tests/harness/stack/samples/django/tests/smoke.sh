#!/bin/sh
# What was here before.
curl --fail http://localhost:8000/health/
