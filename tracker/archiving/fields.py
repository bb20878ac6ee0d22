"""Every table of an archive with every field of it, in Swedish: what is delivered is what is described here."""

from __future__ import annotations

from dataclasses import dataclass

TEXT, WHOLE_NUMBER, ORE, DAY, MOMENT, YES_NO = "text", "heltal", "ören (heltal)", "datum", "tidpunkt (UTC)", "ja/nej"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name in the files, the kind of its values, what it means, and whether the public may have it."""

    name: str
    kind: str
    text: str
    public: bool = True


@dataclass(frozen=True, slots=True)
class TableText:
    """A table by the name of its files."""

    name: str
    text: str
    fields: tuple[Field, ...]
    public: bool = True


_PROJECT = Field("projekt", TEXT, "Projektets kod.")
_PERIOD = Field("period", TEXT, "Uppföljningsperiodens nyckel, till exempel 2005-T1; lopande är registrets eget läge.")
_YEAR = Field("ar", WHOLE_NUMBER, "Kalenderår.")
_MONEY = (
    Field("flode", TEXT, "utgift eller inkomst."),
    Field("budget_ore", ORE, "Budget för året; tomt om ingen är angiven."),
    Field("utfall_ore", ORE, "Utfall för året enligt huvudboken, ackumulerat."),
    Field("prognos_ore", ORE, "Projektledarens prognos för året."),
)
_COUNTS = (
    Field("matt", TEXT, "Måttets kod; namnet står i katalogen mattkatalog."),
    Field("enhet", TEXT, "Måttets enhet."),
    Field("planerat", WHOLE_NUMBER, "Planerat läge för året."),
    Field("paborjat", WHOLE_NUMBER, "Påbörjat under året."),
    Field("fardigt", WHOLE_NUMBER, "Färdigt under året."),
)
PROJECT_TABLES = (
    TableText("projekt", "Projekten, en rad för varje.", (
        Field("kod", TEXT, "Projektets kod, unik."),
        Field("namn", TEXT, "Projektets namn."),
        Field("huvudslag", TEXT, "bostad, arbetsplats eller trafik."),
        Field("ytterligare_slag", TEXT, "Fler slag, med mellanslag emellan."),
        Field("undertyp", TEXT, "Undertyp, till exempel gata eller park."),
        Field("skede", TEXT, "Skede i beslutsprocessen."),
        Field("projektledare", TEXT, "Projektledarens namn.", public=False),
        Field("ersattare", TEXT, "Ersättarens namn.", public=False),
        Field("start_beslutad", DAY, "Beslutad start."),
        Field("start_prognos", DAY, "Bedömd start."),
        Field("slut_beslutat", DAY, "Beslutat slut."),
        Field("slut_prognos", DAY, "Bedömt slut."),
        Field("beskrivning", TEXT, "Beskrivning för alla."),
        Field("intern_beskrivning", TEXT, "Intern beskrivning.", public=False),
        Field("lank", TEXT, "Webbadress."),
        Field("omrade_enligt_kallan", TEXT, "Området så som källan skrev det."),
        Field("stadens_andel", WHOLE_NUMBER, "Stadens andel av finansieringen i hundradels procent."),
        Field("sekretess", YES_NO, "Om hela projektet omfattas av sekretess.", public=False),
        Field("lagrum", TEXT, "Lagrummet för projektets sekretess.", public=False),
        Field("publicering", TEXT, "utkast, granskat eller publicerat."),
        Field("program", TEXT, "Koden för programmet som projektet hör till."),
        Field("motivering_omraden", TEXT, "Motivering till betjänade områden."),
        Field("ungefarligt_lage", YES_NO, "Om läget är ungefärligt."),
        Field("exempelvarden", YES_NO, "Om siffrorna är påhittade exempel."),
        Field("geometri_wkt", TEXT, "Läget som WKT i SWEREF 99 18 00 (EPSG:3011): östlig, nordlig, i meter."),
        Field("registrerat", MOMENT, "När projektet registrerades."),
        Field("andrat", MOMENT, "När projektet ändrades senast.", public=False),
        Field("version", WHOLE_NUMBER, "Antal sparade versioner.", public=False),
    )),
    TableText("diarienummer", "Projektens diarienummer.", (
        _PROJECT, Field("ordning", WHOLE_NUMBER, "Ordning."), Field("nummer", TEXT, "Diarienumret."),
    )),
    TableText("malkopplingar", "Vilka mål som projekten bidrar till.", (
        _PROJECT, Field("malutgava", TEXT, "Målkatalogens kod."), Field("mal", TEXT, "Målets kod."),
        Field("styrka", WHOLE_NUMBER, "3 huvudsyfte, 2 tydligt, 1 indirekt."),
        Field("motivering", TEXT, "Varför projektet bidrar."),
    )),
    TableText("utan_bidrag", "Projekt som har bedömts inte bidra.", (
        _PROJECT, Field("malutgava", TEXT, "Målkatalogens kod."), Field("skal", TEXT, "Skälet."),
    )),
    TableText("svar", "Svar på strategiska frågor.", (
        _PROJECT, Field("mal", TEXT, "Målets kod."), Field("fraga", TEXT, "Frågan."), Field("svar", TEXT, "Svaret."),
    )),
    TableText("betjanar", "Områden som projekten betjänar.", (
        _PROJECT, Field("ordning", WHOLE_NUMBER, "Ordning."),
        Field("omfattning", TEXT, "omrade, hela-staden eller utanfor-staden."),
        Field("omradesutgava", TEXT, "Områdesindelningens kod."), Field("omrade", TEXT, "Områdets kod."),
        Field("andel", WHOLE_NUMBER, "Andel i hundradels procent; ett projekts andelar blir 10000."),
    )),
    TableText("ligger_i", "Områden som projektens läge ligger i, uträknat.", (
        _PROJECT, Field("omradesutgava", TEXT, "Områdesindelningens kod."),
        Field("omrade", TEXT, "Områdets kod; tomt är utanför staden."),
        Field("andel", WHOLE_NUMBER, "Andel i hundradels procent."),
    )),
    TableText("siffror", "Pengar per projekt, period, år och flöde.", (
        _PROJECT, _PERIOD, _YEAR, *_MONEY,
        Field("preliminar_budget", YES_NO, "Om budgeten är projektledarens egen, före beslut."),
    )),
    TableText("matt", "Mått per projekt, period och år.", (_PROJECT, _PERIOD, _YEAR, *_COUNTS)),
    TableText("beslut", "Beslut om projekten, alla revideringar.", (
        _PROJECT, Field("beslutspunkt", TEXT, "Beslutspunkten."), Field("datum", DAY, "Beslutsdag."),
        Field("organ", TEXT, "Vem som beslutade."), Field("diarienummer", TEXT, "Beslutets diarienummer."),
        Field("paragraf", TEXT, "Paragraf i protokollet."), Field("utgift_ore", ORE, "Beslutad utgift."),
        Field("inkomst_ore", ORE, "Beslutad inkomst."), Field("prisniva", TEXT, "Prisnivå."),
        Field("anteckning", TEXT, "Anteckning.", public=False),
    )),
    TableText("sekretess", "Enskilda uppgifter med sekretess.", (
        _PROJECT, Field("uppgift", TEXT, "Uppgiften."), Field("lagrum", TEXT, "Lagrummet."),
    ), public=False),
    TableText("historik", "Vem som ändrade vad och när; ändras aldrig.", (
        _PROJECT, Field("nummer", WHOLE_NUMBER, "Postens nummer i hela historiken."),
        Field("tidpunkt", MOMENT, "När ändringen gjordes."), Field("vem", TEXT, "Vem, så som namnet skrevs då."),
        Field("vag", TEXT, "Genom formulär, import, kommando, grunddata eller api."),
        Field("handelse", TEXT, "skapad, andrad, publicerad eller aterstalld."),
        Field("version", WHOLE_NUMBER, "Projektets version efter ändringen."), Field("anmarkning", TEXT, "Anmärkning."),
        Field("andringar", "JSON", "Fält → [före, efter]; nummer pekar in i katalogerna."),
    ), public=False),
)  # fmt: skip
PERIOD_TABLES = (
    TableText("period", "Perioden själv.", (
        Field("nyckel", TEXT, "Periodens nyckel."), Field("kod", TEXT, "Periodens kod."),
        Field("version", WHOLE_NUMBER, "1 för den första, högre för rättelser."), Field("namn", TEXT, "Namn."), _YEAR,
        Field("per_dag", DAY, "Dagen som siffrorna gäller."), Field("sista_dag", DAY, "Sista dag att rapportera."),
        Field("stangd", MOMENT, "När perioden stängdes."), Field("skal", TEXT, "Skälet till en rättelse."),
    )),
    TableText("siffror", "Pengar per projekt, år och flöde, som de var när perioden stängdes.", (
        _PROJECT, Field("namn", TEXT, "Projektets namn."), _YEAR, *_MONEY,
    )),
    TableText("matt", "Mått per projekt för periodens år.", (_PROJECT, *_COUNTS)),
    TableText("rapporter", "Projektens rapporter.", (
        _PROJECT, Field("namn", TEXT, "Projektets namn."), Field("huvudslag", TEXT, "Huvudslag."),
        Field("skede", TEXT, "Skede."), Field("lage", TEXT, "Om projektet hade rapporterat."),
        Field("ljus", TEXT, "gront, gult eller rott."), Field("ljus_text", TEXT, "Text till ljuset."),
        Field("kommentar", TEXT, "Varför prognosen avviker."), Field("start_prognos", DAY, "Bedömd start."),
        Field("slut_prognos", DAY, "Bedömt slut."),
    )),
    TableText("avstamning", "Portföljens summor mot budgeten och huvudboken.", (
        Field("mot", TEXT, "Vad summan stämdes av mot."), _YEAR, Field("flode", TEXT, "utgift eller inkomst."),
        Field("portfolj_ore", ORE, "Portföljens summa."), Field("mot_ore", ORE, "Motpartens summa."),
        Field("differens_ore", ORE, "Portföljen minus motparten."), Field("forklaring", TEXT, "Skriftlig förklaring."),
    )),
    TableText("summor", "Portföljens summor för periodens år, ur databasen när perioden stängdes.", (
        Field("belopp", TEXT, "Vad som summeras."),
        Field("registrerat", WHOLE_NUMBER, "Alla finansiärers; ören för pengar."),
        Field("stadens_del", WHOLE_NUMBER, "Stadens del; ören för pengar."),
    )),
    TableText("filer", "De rapporter som sparades när perioden stängdes.", (
        Field("namn", TEXT, "Filens namn."), Field("format", TEXT, "Format."), Field("rakneregel", TEXT, "Räkneregel."),
        Field("malgrupp", TEXT, "offentlig eller intern."), Field("sha256", TEXT, "Kontrollsumma från stängningen."),
        Field("levereras", YES_NO, "nej om den beskriver något som har fått sekretess sedan dess."),
    )),
)  # fmt: skip
CATALOGUE_TABLES = (
    TableText("malkatalog", "Mål i alla utgåvor.", (
        Field("id", WHOLE_NUMBER, "Numret i historikens ändringar."), Field("malutgava", TEXT, "Målkatalogens kod."),
        Field("mal", TEXT, "Målets kod."), Field("namn", TEXT, "Målets namn."), Field("text", TEXT, "Målets text."),
    )),
    TableText("omradeskatalog", "Områden i alla utgåvor.", (
        Field("id", WHOLE_NUMBER, "Numret i historikens ändringar."), Field("omradesutgava", TEXT, "Indelningens kod."),
        Field("omrade", TEXT, "Områdets kod."), Field("namn", TEXT, "Områdets namn."),
    )),
    TableText("mattkatalog", "Mått.", (
        Field("id", WHOLE_NUMBER, "Numret i historikens ändringar."), Field("matt", TEXT, "Måttets kod."),
        Field("namn", TEXT, "Måttets namn."), Field("enhet", TEXT, "Enhet."),
    )),
    TableText("fragekatalog", "Strategiska frågor.", (
        Field("id", WHOLE_NUMBER, "Numret i historikens ändringar."), Field("mal", TEXT, "Målets kod."),
        Field("fraga", TEXT, "Frågan."),
    )),
    TableText("anvandare", "Personer som historiken pekar på.", (
        Field("id", WHOLE_NUMBER, "Numret i historikens ändringar."), Field("namn", TEXT, "Namn."),
    ), public=False),
)  # fmt: skip


def offered(tables: tuple[TableText, ...], *, public: bool) -> list[TableText]:
    """The tables, for the public without what only the office may have."""
    if not public:
        return list(tables)
    return [
        TableText(one.name, one.text, tuple(field for field in one.fields if field.public))
        for one in tables
        if one.public
    ]
