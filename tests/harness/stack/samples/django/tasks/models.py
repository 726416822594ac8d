from django.db import models


class Task(models.Model):
    title = models.CharField(max_length=200)
    effort = models.IntegerField()
    done = models.BooleanField(default=False)
