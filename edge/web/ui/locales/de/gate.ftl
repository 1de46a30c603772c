gate = Tor
gate-title = Was den Laden verlässt
alarm-count =
    { $count ->
        [0] kein Alarm
        [one] 1 Alarm
       *[other] { $count } Alarme
    }
not-paid = Nicht bezahlt
piece = Stück { $serial }, bei { $gate }
more-alarms =
    { $count ->
        [one] und noch eines
       *[other] und { $count } weitere
    }
seen-to = Jemand war dort
quiet = Alles ruhig: nichts Unbezahltes ging hinaus.
nothing-known = Nicht verbunden: hier ist nicht bekannt, was hinausgeht.
lamp-still-works = Die Lampe am Tor braucht diese Ansicht nicht.
no-reader = Hier ist kein Leser eingerichtet.
no-reader-advice = Ohne Leser wird nichts gesehen. In den Einstellungen einen mit der Station dieses Tors nennen.
blind = Das Tor sieht nichts.
try-lamp = Lampe prüfen
lamp-tried = Die Lampe war eine Sekunde an. War nichts zu sehen, bitte das Kabel prüfen.
lately = Zuletzt
nothing-lately = Zuletzt ist nichts geschehen.
event-reader-silent = { $device } antwortet nicht: nichts wird gesehen
event-reader-back = { $device } sieht wieder
evidence = Stück { $serial }; { $inner }-mal innen gelesen, { $outer }-mal außen
