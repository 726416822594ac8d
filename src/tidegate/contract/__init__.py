"""The contract: what the API's OpenAPI document promises, held against what came over the wire."""
