from django.urls import path
from tasks import views

urlpatterns = [
    path("health/", views.health),
    path("login/", views.login),
    path("tasks/", views.tasks),
    path("tasks/<int:pk>/", views.task),
]
