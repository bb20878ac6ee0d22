"""The catalogue as RDF by DCAT-AP-SE 3.0: no blank nodes, every identifier a whole address on /data.

Source of the rules: docs.dataportal.se/dcat (profile 3.0.1) and its conditions for harvesting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef

from tracker.opendata.datasets import OGC_CORE, DataSet, Form
from tracker.opendata.publishing import Publisher
from tracker.web.addresses import whole_address
from tracker.web.content import STOCKHOLM

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
EU = "http://publications.europa.eu/resource/authority"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
LOCAL_AUTHORITY = URIRef("http://purl.org/adms/publishertype/LocalAuthority")
GEONAMES = URIRef("http://sws.geonames.org/2673730/")
CITY_BOX = "POLYGON((17.7607 59.2273,18.2001 59.2273,18.2001 59.4403,17.7607 59.4403,17.7607 59.2273))"
"""The city's extent in longitude and latitude."""
NAMELESS = "Portföljkartan"
MEDIA_TYPES = {"rdf": "application/rdf+xml", "ttl": "text/turtle", "jsonld": "application/ld+json"}
_WRITERS = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}


def serialise(graph: Graph, form: str) -> bytes:
    """The graph in one of MEDIA_TYPES."""
    return graph.serialize(format=_WRITERS[form], encoding="utf-8")


def catalogue(data_sets: Sequence[DataSet], publisher: Publisher) -> Graph:
    """Everything that the catalogue says."""
    return _Maker(publisher).catalogue(data_sets)


class _Maker:
    def __init__(self, publisher: Publisher) -> None:
        self.graph = Graph()
        for prefix, space in (("dcat", DCAT), ("dcterms", DCTERMS), ("foaf", FOAF), ("vcard", VCARD), ("geo", GEO)):
            self.graph.bind(prefix, space)
        self.publisher = publisher
        self.page = whole_address("opendata.data_page")
        self.agent = URIRef(publisher.uri or f"{self.page}#utgivare")
        self.contact = URIRef(f"{self.page}#kontakt")
        self.place = URIRef(f"{self.page}#staden")
        self.service = URIRef(f"{self.page}#ogc")

    def catalogue(self, data_sets: Sequence[DataSet]) -> Graph:
        one = URIRef(whole_address("opendata.dcat"))
        self._say(one, RDF.type, [DCAT.Catalog])
        self._words(one, "Portföljkartans öppna data", "Open data of Portföljkartan", "Stadens projekt, mål och "
                    "områden som öppna data.", "The city's projects, goals and areas as open data.")  # fmt: skip
        self._say(one, DCTERMS.publisher, [self.agent])
        self._say(one, DCTERMS.license, [URIRef(CC0)])
        self._say(one, DCTERMS.language, [URIRef(f"{EU}/language/SWE")])
        self._say(one, FOAF.homepage, [URIRef(self.page)])
        self._say(one, DCTERMS.spatial, [self.place])
        self._say(one, DCAT.themeTaxonomy, [URIRef(f"{EU}/data-theme")])
        self._say(one, DCAT.dataset, [self._data_set(each) for each in data_sets])
        self._say(one, DCAT.service, [self.service])
        changed = [each.updated for each in data_sets if each.updated]
        if changed:
            self._say(one, DCTERMS.modified, [_day(max(changed))])
        self._agent()
        self._place()
        self._service(data_sets)
        return self.graph

    def _say(self, subject: URIRef, what: URIRef, values: Iterable[URIRef | Literal]) -> None:
        for value in values:
            self.graph.add((subject, what, value))

    def _words(self, one: URIRef, title: str, title_en: str, text: str, text_en: str) -> None:
        self._say(one, DCTERMS.title, [Literal(title, "sv"), Literal(title_en, "en")])
        self._say(one, DCTERMS.description, [Literal(text, "sv"), Literal(text_en, "en")])

    def _agent(self) -> None:
        self._say(self.agent, RDF.type, [FOAF.Agent])
        self._say(self.agent, FOAF.name, [Literal(self.publisher.name or NAMELESS)])
        self._say(self.agent, DCTERMS.type, [LOCAL_AUTHORITY])
        if self.publisher.contact_email:
            self._say(self.contact, RDF.type, [VCARD.Organization])
            fn = self.publisher.contact_name or self.publisher.name or NAMELESS
            self._say(self.contact, VCARD.fn, [Literal(fn)])
            self._say(self.contact, VCARD.hasEmail, [URIRef(f"mailto:{self.publisher.contact_email}")])

    def _place(self) -> None:
        self._say(self.place, RDF.type, [DCTERMS.Location])
        self._say(self.place, RDFS.label, [Literal("Stockholms stad", "sv")])
        self._say(self.place, RDFS.seeAlso, [GEONAMES])
        self._say(self.place, DCAT.bbox, [Literal(CITY_BOX, datatype=GEO.wktLiteral)])

    def _contacts(self) -> list[URIRef]:
        return [self.contact] if self.publisher.contact_email else []

    def _data_set(self, data_set: DataSet) -> URIRef:
        one = URIRef(f"{self.page}#{data_set.key}")
        self._say(one, RDF.type, [DCAT.Dataset])
        self._words(one, data_set.title, data_set.title_en, data_set.text, data_set.text_en)
        self._say(one, DCTERMS.identifier, [Literal(str(one))])
        self._say(one, DCTERMS.publisher, [self.agent])
        self._say(one, DCAT.contactPoint, self._contacts())
        self._say(one, DCAT.theme, [URIRef(f"{EU}/data-theme/{theme}") for theme in data_set.themes])
        self._say(one, DCTERMS.accrualPeriodicity, [URIRef(f"{EU}/frequency/{data_set.frequency}")])
        self._say(one, DCTERMS.accessRights, [URIRef(f"{EU}/access-right/PUBLIC")])
        self._say(one, DCTERMS.language, [URIRef(f"{EU}/language/SWE")])
        self._say(one, DCTERMS.spatial, [self.place])
        self._say(one, DCAT.landingPage, [URIRef(self.page)])
        for swedish, english in data_set.keywords:
            self._say(one, DCAT.keyword, [Literal(swedish, "sv"), Literal(english, "en")])
        if data_set.updated:
            self._say(one, DCTERMS.modified, [_day(data_set.updated)])
        self._say(one, DCAT.distribution, [self._form(data_set, form) for form in data_set.forms])
        return one

    def _form(self, data_set: DataSet, form: Form) -> URIRef:
        one, address = URIRef(f"{self.page}#{data_set.key}-{form.key}"), URIRef(form.address)
        self._say(one, RDF.type, [DCAT.Distribution])
        self._say(one, DCTERMS.title, [Literal(f"{data_set.title}, {form.title}", "sv")])
        self._say(one, DCTERMS.format, [Literal(form.media_type)])
        self._say(one, DCTERMS.license, [URIRef(self.publisher.licence)])
        self._say(one, DCAT.accessURL, [address])
        self._say(one, DCTERMS.conformsTo, [URIRef(each) for each in form.conforms])
        if form.service:
            self._say(one, DCAT.accessService, [self.service])
        else:
            self._say(one, DCAT.downloadURL, [address])
        return one

    def _service(self, data_sets: Sequence[DataSet]) -> None:
        one = self.service
        self._say(one, RDF.type, [DCAT.DataService])
        self._words(one, "OGC API – Features", "OGC API – Features", "Projekt och områden som objekt, med urval, "
                    "koordinatsystem och sidindelning.", "Projects and areas as features.")  # fmt: skip
        self._say(one, DCAT.endpointURL, [URIRef(whole_address("ogc.landing"))])
        self._say(one, DCAT.endpointDescription, [URIRef(whole_address("ogc.api"))])
        self._say(one, DCTERMS.conformsTo, [URIRef(OGC_CORE)])
        self._say(one, DCTERMS.publisher, [self.agent])
        self._say(one, DCAT.contactPoint, self._contacts())
        self._say(one, DCTERMS.license, [URIRef(self.publisher.licence)])
        self._say(one, DCTERMS.accessRights, [URIRef(f"{EU}/access-right/PUBLIC")])
        served = [each for each in data_sets if any(form.service for form in each.forms)]
        self._say(one, DCAT.servesDataset, [URIRef(f"{self.page}#{each.key}") for each in served])


def _day(moment: Any) -> Literal:
    return Literal(moment.astimezone(STOCKHOLM).date().isoformat(), datatype=XSD.date)
