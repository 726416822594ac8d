import json
import secrets

from django.contrib.auth import authenticate, get_user_model
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from tasks.models import Task

TOKENS = set()


def health(request):
    return JsonResponse({"status": "ok"})


@require_POST
def login(request):
    sent = json.loads(request.body)
    account = get_user_model().objects.filter(email=sent.get("email")).first()
    if not account or not authenticate(username=account.get_username(), password=sent.get("password")):
        return JsonResponse({"detail": "wrong e-mail or password"}, status=401)
    TOKENS.add(token := secrets.token_urlsafe())
    return JsonResponse({"access_token": token})


def authenticated(view):
    def checked(request, **arguments):
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in TOKENS:
            return JsonResponse({"detail": "log in first"}, status=401)
        return view(request, **arguments)

    return checked


def shown(task):
    return {"id": task.pk, "title": task.title, "effort": task.effort, "done": task.done}


@authenticated
def tasks(request):
    if request.method == "GET":
        return JsonResponse({"results": [shown(task) for task in Task.objects.order_by("pk")]})
    sent = json.loads(request.body)
    if not isinstance(sent.get("title"), str) or not isinstance(sent.get("effort"), int):
        return JsonResponse({"title": ["a text"], "effort": ["a number"]}, status=400)
    return JsonResponse(shown(Task.objects.create(title=sent["title"], effort=sent["effort"])), status=201)


@authenticated
def task(request, pk):
    found = Task.objects.filter(pk=pk).first()
    if not found:
        return JsonResponse({"detail": "no such task"}, status=404)
    if request.method == "DELETE":
        found.delete()
        return JsonResponse({}, status=200)
    if request.method in ("PUT", "PATCH"):
        for field, value in json.loads(request.body).items():
            setattr(found, field, value)
        found.save()
    return JsonResponse(shown(found))
