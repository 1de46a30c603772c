kitchen-title = Küchenbons
open-tickets = Offene Küchenbons
ticket-count =
    { $count ->
        [0] nichts offen
        [one] 1 offen
       *[other] { $count } offen
    }
ticket-number = Küchenbon { $number }
table = Tisch { $table }
order = Bon { $number }
kind-retail = Laden
kind-takeaway = Mitnehmen
kind-dine-in = Tisch
kind-delivery = Lieferung
band-slow = , wird langsam
band-late = , zu spät
done = Fertig
bump = Küchenbon { $number } ist fertig
bumped = Küchenbon { $number } fertig.
undo = Zurücknehmen
recent = Zuletzt fertig
nothing-recent = Zuletzt wurde nichts fertig.
done-ago = Fertig seit { $age }
recall = Zurückholen
all-day = Alle offenen Küchenbons
nothing-to-make = Nichts zu tun.
nothing-known = Nicht verbunden: vielleicht gibt es Küchenbons, die hier fehlen.
