gate = Gate
gate-title = What leaves the shop
alarm-count =
    { $count ->
        [0] no alarm
        [one] 1 alarm
       *[other] { $count } alarms
    }
not-paid = Not paid for
piece = Piece { $serial }, at { $gate }
more-alarms =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }
seen-to = Somebody went there
quiet = All quiet: nothing unpaid went out.
nothing-known = Not connected: this screen does not know what leaves.
lamp-still-works = The lamp at the gate does not need this screen.
no-reader = No reader is set up here.
no-reader-advice = Without a reader nothing that leaves is seen. Name one with this gate's station in the settings.
blind = The gate sees nothing.
try-lamp = Try the lamp
lamp-tried = The lamp was lit for a second. If you saw nothing, look at its cable.
lately = Lately
nothing-lately = Nothing happened lately.
event-reader-silent = { $device } does not answer: nothing is seen
event-reader-back = { $device } sees again
evidence = Piece { $serial }; read { $inner } times inside, { $outer } outside
