pos-title = Kasse
terminal = Kasse { $terminal }
line-lost = Seit { $since } keine Verbindung, neuer Versuch läuft

open-orders = Offene Bons
no-open-orders = Es wartet kein Bon.
on-screen = Wird angezeigt

## Waren
goods = Artikel
search = Artikel suchen oder Strichcode eintippen
search-hint = Suchen, oder Strichcode eintippen und Enter
search-empty = Nichts gefunden. Bitte weniger Buchstaben versuchen.
search-nothing = Nichts gefunden für „{ $text }“.
categories = Warengruppen
category-empty = In dieser Warengruppe ist nichts.
more-items = Hier gibt es mehr: bitte danach suchen.
per-kilo = je kg
choices = Auswahl

## Bon
order = Bon
new-sale = Neuer Verkauf
order-number = Bon { $number }
order-kind = Art des Bons
kind-retail = Laden
kind-takeaway = Mitnehmen
kind-dine-in = Tisch
kind-delivery = Lieferung
table = Tisch { $table }
which-table = Welcher Tisch?
table-number = Tischnummer
open-table = Tisch { $table } öffnen
hold-order = Zurückstellen
order-empty = Ersten Artikel scannen oder antippen.
lines = Positionen des Bons
line-each = { $quantity } × { $price }
line-per-kilo = { $quantity } zu { $price } je kg
line-fired = In der Küche
line-voided = Storniert
one-less = Ein Mal { $name } weniger
one-more = Ein Mal { $name } mehr
set-quantity = Menge von { $name }: { $quantity }
remove = { $name } entfernen
quantity = Menge
set = Menge übernehmen
tax = MwSt. { $rate } %: { $tax }
total = Summe
paid-so-far = Schon bezahlt
still-due = Noch offen
send-to-kitchen = An die Küche senden
kitchen-sent = An die Küche gesendet.
cancel-sale = Diesen Verkauf abbrechen
cancel-title = Bon { $number } abbrechen?
cancel-why = Es wird nichts berechnet. Warum wird abgebrochen?
reason-customer-left = Kundschaft ist gegangen
reason-rung-up-wrongly = Falsch eingegeben
reason-training = Übung
keep-sale = Verkauf behalten

## Auswahl und Gewicht
choose-between =
    { $max ->
        [one] { $min ->
            [0] eins, wenn gewünscht
           *[other] eins wählen
        }
       *[other] { $min ->
            [0] bis zu { $max }
           *[other] { $min } bis { $max }
        }
    }
choose-first = Erst wählen: { $group }
plus-price = + { $price }
add-for = Für { $price } hinzufügen
note = Hinweis für die Küche
note-hint = Zum Beispiel: ohne Zwiebeln
weight-in-grams = Gewicht (Gramm eintippen)
price-per-kilo = { $price } je kg

## Zahlung
pay-cash = Bar
pay-card = Karte
pay-title-cash = Barzahlung
pay-title-card = Kartenzahlung
method = Zahlungsart
given = Gegeben
card-amount = Betrag auf der Karte
card-hint = Karte am Kartengerät annehmen, dann hier bestätigen. Für eine Teilzahlung den Betrag eintippen.
card-hint-terminal = Das Kartengerät wird nach dem Geld gefragt. Für eine Teilzahlung den Betrag eingeben.
charge-card = { $amount } am Kartengerät verlangen
card-elsewhere = Anderswo bezahlt: nur vermerken
charge-created = Das Kartengerät wird nach { $amount } gefragt …
charge-collecting = Der Kunde hält die Karte ans Gerät: { $amount }
charge-confirming = Die Bank wird nach { $amount } gefragt …
charge-unknown = Noch ist nicht bekannt, ob { $amount } abgebucht wurden.
charge-unknown-advice = Das Kartengerät wird gefragt, bis es antwortet. Nicht noch einmal abbuchen.
charge-give-up = Abbrechen
charge-declined = Von der Karte wurde nichts abgebucht.
charge-cancelled = Die Zahlung wurde abgebrochen. Von der Karte wurde nichts abgebucht.
card-trouble = Kartenzahlung
card-unknown = Niemand weiß, ob { $amount } an { $till } abgebucht wurden.
card-unknown-advice = Bitte im Journal des Kartengeräts oder auf seinem Beleg nachsehen. Vorher nicht noch einmal abbuchen.
card-unbooked = An { $till } wurden { $amount } für nichts abgebucht.
card-unbooked-advice = Bitte am Kartengerät zurückgeben und es dann hier sagen.
card-owed = Eine Karte hat { $amount } an { $till } nicht zurückbekommen.
card-owed-advice = Das Kartengerät noch einmal fragen, oder das Geld bar geben.
card-ask-again = Kartengerät noch einmal fragen
card-give-cash = { $amount } bar geben
card-given-back = Es wurde zurückgegeben
card-given-back-reason = Am Kartengerät zurückgegeben.
card-approval = Genehmigungsnummer auf dem Beleg
card-charged = Es wurde abgebucht
card-charged-reason = Der Beleg des Kartengeräts sagt, dass abgebucht wurde.
card-not-charged = Es wurde nicht abgebucht
card-not-charged-reason = Im Journal des Kartengeräts steht keine solche Zahlung.
card-too-much = Mehr als offen ist
suggestions = Übliche Beträge
exact = Passend: { $amount }
take-exact = { $amount } passend annehmen
take-card = { $amount } mit Karte bezahlt
take-part = Teilbetrag annehmen: { $amount }
take-with-change = Annehmen, Rückgeld { $change }
payment-unknown = Es kam keine Antwort. Noch weiß niemand, ob diese Zahlung gebucht ist. Ein neuer Versuch ist sicher: sie wird nur einmal gebucht.

## Nach dem Verkauf
sale-completed = Verkauf abgeschlossen
receipt-number = Beleg { $number } · { $total }
change-due = Rückgeld
change-spoken = Verkauf abgeschlossen. Rückgeld { $change }. Beleg { $number }.
receipt = Beleg
print-copy = Kopie drucken
next-sale = Nächster Verkauf
print-trouble = Beleg nicht gedruckt
print-failed = Beleg nicht gedruckt.
print-indeterminate = Beleg vielleicht nicht gedruckt.
print-saved = Der Verkauf ist gespeichert.
print-again = Noch einmal als Kopie drucken
print-let-go = So lassen

## Scans
scan-quantity = { $quantity } ×
scan-spoken = { $quantity } { $name }. Summe { $total }.
scan-elsewhere = Der Scan ging auf Bon { $number }, der jetzt angezeigt wird.
scan-refused = Nicht erfasst: { $input }. { $reason }
refused-unknown-code = Diesen Code hat kein Artikel. Bitte nach dem Namen suchen.
refused-invalid-check-digit = Der Code wurde falsch gelesen. Bitte noch einmal scannen.

## Zustand
status-title = Wie der Laden läuft
status-lost = Nicht verbunden
status-summary =
    { $troubles ->
        [0] Bereit
        [one] 1 Sache braucht Hilfe
       *[other] { $troubles } Sachen brauchen Hilfe
    }
appliance = Kassenrechner dieses Ladens
appliance-live = Verbunden · Version { $version }
appliance-lost = Nicht verbunden. Der nächste Versuch kommt von selbst.
headquarters = Zentrale
sync-off = Nicht eingerichtet. Zum Verkaufen nicht nötig.
sync-connecting = Verbindung wird aufgebaut. Der Verkauf geht weiter.
sync-connected =
    { $waiting ->
        [0] Auf dem neuesten Stand.
        [one] Verbunden, 1 Eintrag ist unterwegs.
       *[other] Verbunden, { $waiting } Einträge sind unterwegs.
    }
sync-offline =
    { $waiting ->
        [0] Nicht erreichbar. Der Verkauf geht weiter, es wartet nichts.
        [one] Nicht erreichbar. Der Verkauf geht weiter, 1 Eintrag wartet.
       *[other] Nicht erreichbar. Der Verkauf geht weiter, { $waiting } Einträge warten.
    }
sync-refused = Die Zentrale lehnt diesen Laden ab. Der Verkauf geht weiter; bitte den Support anrufen.
last-seen = Zuletzt erreicht: { $at }
devices = Geräte
no-devices = Es sind keine Geräte eingerichtet.
device-scanner = Scanner
device-receipt-printer = Belegdrucker
device-kitchen-printer = Küchendrucker
device-label-printer = Etikettendrucker
device-card-terminal = Kartenterminal
device-scale = Waage
device-customer-display = Kundenanzeige
device-bump-bar = Küchentasten
device-rfid-reader = RFID-Leser
device-output = Lampe oder Summer
device-simulated = Simuliert: Das ist kein Gerät.
simulated-devices =
    { $simulated ->
        [one] 1 Gerät ist nur simuliert
       *[other] { $simulated } Geräte sind nur simuliert
    }
device-state-starting = Startet
device-state-online = Bereit
device-state-offline = Antwortet nicht
device-state-claimed = Von einem anderen Programm benutzt
device-state-not-permitted = Gefunden, aber kein Zugriff erlaubt
device-state-faulted = Gestört
test = Prüfen
test-sent = Das Gerät soll jetzt zeigen, dass es arbeitet.
