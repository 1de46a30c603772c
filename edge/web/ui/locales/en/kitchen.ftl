kitchen-title = Kitchen tickets
open-tickets = Open tickets
ticket-count =
    { $count ->
        [0] nothing open
        [one] 1 open
       *[other] { $count } open
    }
ticket-number = Ticket { $number }
table = Table { $table }
order = Order { $number }
kind-retail = Retail
kind-takeaway = Takeaway
kind-dine-in = Table
kind-delivery = Delivery
band-slow = , getting slow
band-late = , late
done = Done
bump = Ticket { $number } is done
bumped = Ticket { $number } done.
undo = Undo
recent = Recently done
nothing-recent = Nothing was done lately.
done-ago = Done { $age } ago
recall = Bring back
all-day = All open tickets
nothing-to-make = Nothing to make.
nothing-known = Not connected: there may be tickets that this screen does not know.
