"""The catalogue by DCAT-AP-SE: one graph in three forms, and everything that the profile makes mandatory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from sqlalchemy.orm import Session

from tests.reports.closed import close
from tests.reports.register import make_board
from tracker.history.services import Actor
from tracker.opendata.publishing import portal_licence

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority"
READERS = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}
THEMES = {"AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN"}
"""Of the European Union's data themes."""
MANDATORY: dict[URIRef, tuple[URIRef, ...]] = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCAT.dataset),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher),
    DCAT.Distribution: (DCAT.accessURL, DCTERMS.license),
    DCAT.DataService: (DCTERMS.title, DCAT.endpointURL),
    FOAF.Agent: (FOAF.name, DCTERMS.type),
    VCARD.Organization: (VCARD.fn, VCARD.hasEmail),
}
"""Of the profile, and of what we promise beside: a licence for each distribution and a type for the publisher."""
ONE_VALUE = {
    DCTERMS.publisher, DCTERMS.license, DCTERMS.accrualPeriodicity, DCTERMS.modified, DCTERMS.accessRights,
    DCTERMS["format"], FOAF.name, VCARD.fn,
}  # fmt: skip


def read(client: FlaskClient, form: str) -> Graph:
    answer = client.get(f"/data/dcat.{form}")
    assert answer.status_code == 200
    return Graph().parse(data=answer.data, format=READERS[form])


def broken(graph: Graph) -> list[str]:
    """What the profile says against a graph."""
    return [*_values(graph), *_languages(graph), *_links(graph), *_catalogue(graph), *_names(graph)]


def _values(graph: Graph) -> Iterator[str]:
    for kind, needed in MANDATORY.items():
        for one in graph.subjects(RDF.type, kind):
            yield from (f"{one}: {what} saknas" for what in needed if graph.value(one, what, any=True) is None)
            several = [what for what in ONE_VALUE if len(set(graph.objects(one, what))) > 1]
            yield from (f"{one}: {what} har flera värden" for what in several)


def _languages(graph: Graph) -> Iterator[str]:
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DataService):
        for one in graph.subjects(RDF.type, kind):
            for what in (DCTERMS.title, DCTERMS.description):
                texts: list[Any] = list(graph.objects(one, what))
                if sorted(text.language for text in texts) != ["en", "sv"]:
                    yield f"{one}: {what} på {texts}"


def _names(graph: Graph) -> Iterator[str]:
    for node in {*graph.subjects(), *graph.objects()}:
        if isinstance(node, BNode):
            yield f"{node}: blank nod"
        elif isinstance(node, URIRef) and not re.match(r"(https?://|mailto:)[^\s<>\"{}|\\^`]+$", node):
            yield f"{node} är ingen hel adress"


def _links(graph: Graph) -> Iterator[str]:
    """Every thing that is pointed to is described, and of the right class."""
    for what, kind in (
        (DCTERMS.publisher, FOAF.Agent), (DCAT.contactPoint, VCARD.Organization), (DCAT.dataset, DCAT.Dataset),
        (DCAT.distribution, DCAT.Distribution), (DCAT.accessService, DCAT.DataService),
        (DCAT.service, DCAT.DataService),
    ):  # fmt: skip
        for one in graph.objects(None, what):
            if (one, RDF.type, kind) not in graph:
                yield f"{one} är ingen {kind}"
    for one in graph.objects(None, DCAT.theme):
        if str(one) not in {f"{EU}/data-theme/{theme}" for theme in THEMES}:
            yield f"{one} är inget tema"
    for one in graph.objects(None, DCTERMS["format"]):
        if not re.fullmatch(r"\w+/[-.\w]+(\+[-.\w]+)?", str(one)):
            yield f"{one} är ingen mediatyp"


def _catalogue(graph: Graph) -> Iterator[str]:
    for one in graph.subjects(RDF.type, DCAT.Catalog):
        if graph.value(one, DCTERMS.license) != URIRef("http://creativecommons.org/publicdomain/zero/1.0/"):
            yield "katalogens licens ska vara CC0"


@pytest.fixture
def published(session: Session, actor: Actor) -> None:
    close(session, make_board(session, actor), actor)


@pytest.fixture
def named(app: Flask) -> None:
    app.config |= {
        "PUBLISHER_NAME": "Stockholms stad", "PUBLISHER_ID": "212000-0142", "CONTACT_NAME": "Stadsbyggnad & data",
        "CONTACT_EMAIL": "data@exempel.se", "PUBLIC_URL": "https://karta.exempel.se",
    }  # fmt: skip


# rdflib's own reader of JSON-LD.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.usefixtures("published", "named")
def test_three_forms_are_the_same_graph_and_keep_the_profile(client: FlaskClient) -> None:
    graphs = {form: read(client, form) for form in READERS}
    assert isomorphic(graphs["rdf"], graphs["ttl"])
    assert isomorphic(graphs["rdf"], graphs["jsonld"])
    graph = graphs["rdf"]
    assert broken(graph) == []
    agent = URIRef("http://dataportal.se/organisation/SE2120000142")
    assert set(graph.objects(None, DCTERMS.publisher)) == {agent}
    assert graph.value(agent, FOAF.name) == Literal("Stockholms stad")
    catalogue = URIRef("https://karta.exempel.se/data/dcat")
    assert (catalogue, RDF.type, DCAT.Catalog) in graph
    sets = {str(one).partition("#")[2] for one in graph.objects(catalogue, DCAT.dataset)}
    assert sets == {
        "projekt", "omraden-1999", "omraden-2007", "omraden-2020", "omraden-2023", "omraden-stadsdelar", "mal",
        "bidrag", "handelser",
    }  # fmt: skip
    projects = URIRef("https://karta.exempel.se/data#projekt")
    assert graph.value(projects, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}/frequency/CONT")
    assert str(graph.value(projects, DCTERMS.modified)) == "2005-05-02"
    assert graph.value(projects, DCTERMS.spatial) is not None
    service = URIRef("https://karta.exempel.se/data#ogc")
    assert any("ogcapi-features-1" in str(one) for one in graph.objects(service, DCTERMS.conformsTo))


@pytest.mark.usefixtures("published")
def test_without_the_publishers_settings_it_is_a_valid_minimum(client: FlaskClient) -> None:
    graph = read(client, "rdf")
    assert broken(graph) == []
    assert set(graph.objects(None, DCTERMS.publisher)) == {URIRef("http://localhost/data#utgivare")}
    assert list(graph.objects(None, DCAT.contactPoint)) == []


@pytest.mark.usefixtures("published")
def test_every_address_in_it_answers_in_the_format_it_names(client: FlaskClient) -> None:
    graph = read(client, "ttl")
    told = list(graph.subject_objects(DCAT.accessURL))
    assert len(told) >= 20
    for one, address in told:
        answer = client.get(str(address).removeprefix("http://localhost"))
        assert answer.status_code == 200, address
        assert answer.mimetype == str(graph.value(one, DCTERMS["format"])), address
    for what in (DCAT.endpointURL, DCAT.endpointDescription, FOAF.homepage):
        for address in graph.objects(None, what):
            assert client.get(str(address).removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/rdf+xml"), ("*/*", "application/rdf+xml"), ("text/html", "application/rdf+xml"),
        ("text/turtle", "text/turtle"), ("application/ld+json, */*;q=0.1", "application/ld+json"),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.9", "text/turtle"),
    ],
)  # fmt: skip
def test_accept_chooses_the_form(client: FlaskClient, accept: str, media_type: str) -> None:
    answer = client.get("/data/dcat", headers={"Accept": accept} if accept else {})
    assert answer.mimetype == media_type
    assert "Accept" in answer.headers["Vary"]


def test_the_well_known_address_leads_there_and_unchanged_is_304(client: FlaskClient) -> None:
    answer = client.get("/.well-known/dcat")
    assert (answer.status_code, answer.headers["Location"]) == (307, "/data/dcat")
    first = client.get("/data/dcat.ttl")
    assert client.get("/data/dcat.ttl", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_check_itself_finds_what_is_wrong(client: FlaskClient) -> None:
    graph: Any = read(client, "ttl")
    for subject, what, value in list(graph):
        if what in (DCTERMS.title, DCAT.accessURL, FOAF.name, DCAT.endpointURL):
            poorer = Graph()
            poorer += graph
            poorer.remove((subject, what, None))
            if (subject, RDF.type, DCAT.Distribution) in graph and what == DCTERMS.title:
                continue
            assert broken(poorer), (subject, what, value)
            break
    graph.add((BNode(), RDF.type, DCAT.Dataset))
    assert any("blank nod" in one for one in broken(graph))


def test_licences_are_named_as_the_portal_names_them() -> None:
    assert (
        portal_licence("https://creativecommons.org/licenses/by/4.0") == "http://creativecommons.org/licenses/by/4.0/"
    )
    assert portal_licence("https://stad.se/villkor") == "https://stad.se/villkor"
