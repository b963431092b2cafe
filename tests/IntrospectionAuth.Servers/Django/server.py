"""django-oauth-toolkit, an authorization server of others: its own views, with SQLite in the folder that is its argument."""

import os
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="of a test",
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(sys.argv[1], "django.sqlite")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"],
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    OAUTH2_PROVIDER={"SCOPES": {"read": "Read", "write": "Write", "introspection": "Introspect"}},
)
django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import include, path
from oauth2_provider.models import AccessToken, get_application_model


def expire(request):
    """Lets the clock of a token run out, so that no test waits for it."""
    AccessToken.objects.filter(token=request.POST["token"]).update(expires="2000-01-01T00:00:00Z")
    return HttpResponse()


def revoke_all(request):
    AccessToken.objects.filter(application__client_id=request.POST["client"]).delete()
    return HttpResponse()


urlpatterns = [
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("expire/", expire),
    path("revoke-all/", revoke_all),
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


call_command("migrate", verbosity=0)
Application = get_application_model()
user = User.objects.create_user("alice", password="alice-password")
for name, grant in [("api", "client-credentials"), ("app", "password"), ("service", "client-credentials")]:
    Application.objects.create(
        client_id=name,
        client_secret="app-secret" if name == "app" else name + "-secret:+%",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=grant,
        user=user,
        name=name,
    )

server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
