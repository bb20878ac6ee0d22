# ruff: noqa: RUF012 - Django's way of writing
"""GeoDjango with djangorestframework-gis over the flat table; the database by the environment. Run by gunicorn."""

import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for measuring",  # noqa: S106
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.gis",
        "django.contrib.postgres",
        "rest_framework",
        "rest_framework_gis",
        "django_filters",
    ],
    MIDDLEWARE=[],
    DATABASES={
        "default": {
            "ENGINE": "django.contrib.gis.db.backends.postgis",
            "NAME": os.environ["RIVAL_DATABASE"],
            "USER": "postgres",
            "HOST": os.environ["RIVAL_HOST"],
            "PORT": os.environ["RIVAL_PORT"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {"options": "-c search_path=rival,public"},
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from django.contrib.gis.db import models  # noqa: E402
from django.contrib.gis.db.models.functions import Transform  # noqa: E402
from django.contrib.postgres.fields import ArrayField  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from django_filters.rest_framework import CharFilter, DjangoFilterBackend, FilterSet  # noqa: E402
from rest_framework import generics  # noqa: E402
from rest_framework_gis.fields import GeometryField  # noqa: E402
from rest_framework_gis.filters import InBBoxFilter  # noqa: E402
from rest_framework_gis.pagination import GeoJsonPagination  # noqa: E402
from rest_framework_gis.serializers import GeoFeatureModelSerializer  # noqa: E402

FIELDS = ["code", "name", "kind", "phase", "goals", "areas", "start", "end", "approximate"]


class Project(models.Model):
    id = models.IntegerField(primary_key=True)
    code = models.TextField()
    name = models.TextField()
    kind = models.TextField()
    phase = models.TextField()
    goals = ArrayField(models.TextField())
    areas = ArrayField(models.TextField())
    start = models.IntegerField(null=True)
    end = models.IntegerField(null=True)
    approximate = models.BooleanField()
    geom = models.GeometryField(srid=3011)

    class Meta:
        managed = False
        db_table = "project"
        app_label = "rival"


class Serializer(GeoFeatureModelSerializer):
    shape = GeometryField(precision=6)

    class Meta:
        model = Project
        geo_field = "shape"
        fields = ["id", *FIELDS, "shape"]


class Pages(GeoJsonPagination):
    page_size = 10
    page_size_query_param = "limit"
    max_page_size = 10_000


class Box(InBBoxFilter):
    bbox_param = "bbox"

    def filter_queryset(self, request, queryset, view):  # noqa: ARG002
        box = self.get_filter_bbox(request)
        if not box:
            return queryset
        box.srid = 4326  # the stock filter takes the table's
        return queryset.filter(geom__intersects=box.transform(3011, clone=True))


class Kind(FilterSet):
    kind = CharFilter(field_name="kind")

    class Meta:
        model = Project
        fields = ["kind"]


class Items(generics.ListAPIView):
    serializer_class = Serializer
    pagination_class = Pages
    bbox_filter_field = "geom"
    filter_backends = [Box, DjangoFilterBackend]
    filterset_class = Kind

    def get_queryset(self):
        return Project.objects.defer("geom").annotate(shape=Transform("geom", 4326)).order_by("id")


urlpatterns = [path("items", Items.as_view())]
application = get_wsgi_application()
