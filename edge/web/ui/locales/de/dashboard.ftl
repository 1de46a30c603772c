dashboard-title = Outpost Zentrale
navigation = Ansichten
hq-line-lost = Seit { $since } keine Live-Verbindung zur Zentrale. Die Zahlen sind vom jeweils angezeigten Stand.
view-stores = Läden
view-sales = Umsatz
view-catalogue = Katalog
view-conflicts = Konflikte
as-of = Stand { $when }
as-of-now = Stand jetzt
as-of-never = noch keine Zahlen
fetch-failed = Diese Zahlen ließen sich nicht holen.

## Läden
stores-caption = Läden mit Zustand, Rückstand und heutigem Umsatz
no-stores = Noch ist kein Laden angemeldet.
column-name = Laden
column-state = Zustand
column-behind = Rückstand
column-seen = Zuletzt gesehen
column-sales = Umsatz heute
state-online = Verbunden
state-offline = Getrennt
state-never-seen = Nie gesehen
state-revoked = Gesperrt
state-quarantined = In Quarantäne
sales-today = Umsatz heute, alle Läden
sale-count =
    { $count ->
        [one] 1 Verkauf
       *[other] { $count } Verkäufe
    }
oldest-figure = älteste Zahl
stores-online = Verbundene Läden
of-stores = { $online } von { $all }
stores-behind =
    { $behind ->
        [0] Alle Zahlen sind vollständig.
        [one] 1 Laden ist getrennt oder im Rückstand: die Summe kann noch wachsen.
       *[other] { $behind } Läden sind getrennt oder im Rückstand: die Summe kann noch wachsen.
    }
up-to-date = Aktuell
entries =
    { $entries ->
        [one] 1 Eintrag
       *[other] { $entries } Einträge
    }
behind-for = seit { $since }
last-known = zuletzt bekannt
never = Nie
unknown = Unbekannt

## Umsatz
from = Von
to = Bis
group-by = Gruppieren nach
by-day = Tag
by-store = Laden
by-item = Artikel
total = Summe
dates-reversed = Der erste Tag liegt nach dem letzten.
no-sales = Keine Verkäufe in diesen Tagen.
sales-caption = Umsatz nach Gruppe
column-count = Verkäufe
column-quantity = Menge
column-total = Summe
column-share = Anteil

## Katalog
search-items = Artikel suchen
search-items-hint = Name, Code oder Nummer
no-items = Nichts gefunden.
catalogue-caption = Artikel und ihre Preise
column-item = Artikel
column-category = Warengruppe
column-code = Code
column-tax = MwSt.
column-price = Preis
percent = { $rate } %
in-conflict = Im Konflikt
change-price = Preis von { $name } ändern, jetzt { $price }
new-price = Neuer Preis von { $name }
save = Speichern
leave = Verwerfen
price-saved = { $name } kostet jetzt { $price }. Die Kassen folgen, sobald sie es hören.

## Konflikte
conflicts-lead = Derselbe Preis wurde an zwei Orten geschrieben, die nichts voneinander hörten. Die Läden verkaufen zu dem Wert, der gerade gilt, bis Sie es entscheiden.
no-conflicts = Es gibt nichts zu entscheiden.
written-by = von { $by }, { $at }
holds-now = Gilt jetzt
keep-value = { $value } behalten
take-value = Stattdessen { $value } nehmen
conflict-settled = { $name } ist entschieden.
