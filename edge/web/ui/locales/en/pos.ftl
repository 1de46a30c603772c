pos-title = Till
terminal = Till { $terminal }
line-lost = No connection for { $since }, trying again

open-orders = Open orders
no-open-orders = No order is waiting.
on-screen = On screen

## Goods
goods = Items
search = Search for an item, or type a barcode
search-hint = Search, or type a barcode and press Enter
search-empty = Nothing found. Try fewer letters.
search-nothing = Nothing found for “{ $text }”.
categories = Categories
category-empty = There is nothing in this category.
more-items = There is more here: search for it.
per-kilo = per kg
choices = Options

## Order
order = Order
new-sale = New sale
order-number = Order { $number }
order-kind = Kind of order
kind-retail = Retail
kind-takeaway = Takeaway
kind-dine-in = Table
kind-delivery = Delivery
table = Table { $table }
which-table = Which table?
table-number = Table number
open-table = Open table { $table }
hold-order = Set aside
order-empty = Scan or tap the first item.
lines = Lines of the order
line-each = { $quantity } × { $price }
line-per-kilo = { $quantity } at { $price } per kg
line-fired = In the kitchen
line-voided = Taken off
one-less = One { $name } less
one-more = One { $name } more
set-quantity = Quantity of { $name }: { $quantity }
remove = Remove { $name }
quantity = Quantity
set = Set quantity
tax = VAT { $rate } %: { $tax }
total = Total
paid-so-far = Paid so far
still-due = Still due
send-to-kitchen = Send to kitchen
kitchen-sent = Sent to the kitchen.
cancel-sale = Cancel this sale
cancel-title = Cancel order { $number }?
cancel-why = Nothing is charged. Why is it cancelled?
reason-customer-left = The customer left
reason-rung-up-wrongly = Rung up wrongly
reason-training = Training
keep-sale = Keep the sale

## Choices and weights
choose-between =
    { $max ->
        [one] { $min ->
            [0] one, if wanted
           *[other] choose one
        }
       *[other] { $min ->
            [0] up to { $max }
           *[other] { $min } to { $max }
        }
    }
choose-first = Choose first: { $group }
plus-price = + { $price }
add-for = Add for { $price }
note = Note for the kitchen
note-hint = For example: no onions
weight-in-grams = Weight (type the grams)
price-per-kilo = { $price } per kg

## Payment
pay-cash = Cash
pay-card = Card
pay-title-cash = Cash payment
pay-title-card = Card payment
method = Paid by
given = Received
card-amount = Amount on the card
card-hint = Take the card at the card terminal, then confirm here. For a part payment, type the amount.
card-hint-terminal = The card terminal is asked for the money. For a part payment, type the amount.
charge-card = Ask the terminal for { $amount }
card-elsewhere = Paid elsewhere: only note it
charge-created = The terminal is asked for { $amount }…
charge-collecting = The customer holds the card to the terminal: { $amount }
charge-confirming = The bank is asked for { $amount }…
charge-unknown = Nobody knows yet whether { $amount } was charged.
charge-unknown-advice = The terminal is asked until it says. Do not charge again.
charge-give-up = Give up
charge-declined = The card was not charged.
charge-cancelled = The payment was given up. The card was not charged.
card-trouble = Card payment
card-unknown = Nobody knows whether { $amount } was charged at { $till }.
card-unknown-advice = Look at the terminal’s journal or its paper. Do not charge again before.
card-unbooked = { $amount } was charged at { $till } for nothing.
card-unbooked-advice = Give it back at the terminal, then say so.
card-owed = A card did not get { $amount } back at { $till }.
card-owed-advice = Ask the terminal again, or give the money in cash.
card-ask-again = Ask the terminal again
card-give-cash = Give { $amount } in cash
card-given-back = It was given back
card-given-back-reason = Given back at the terminal.
card-approval = Approval number on the paper
card-charged = It was charged
card-charged-reason = The terminal’s paper says that it was charged.
card-not-charged = It was not charged
card-not-charged-reason = The terminal’s journal has no such payment.
card-too-much = More than is due
suggestions = Usual amounts
exact = Exact: { $amount }
take-exact = Take { $amount } exactly
take-card = Paid { $amount } by card
take-part = Take part: { $amount }
take-with-change = Take, change { $change }
payment-unknown = No answer came, so nobody knows yet whether this payment is booked. Trying again is safe: it is booked once.

## After the sale
sale-completed = Sale completed
receipt-number = Receipt { $number } · { $total }
change-due = Change
change-spoken = Sale completed. Change { $change }. Receipt { $number }.
receipt = Receipt
print-copy = Print a copy
next-sale = Next sale
print-trouble = Receipt not printed
print-failed = Receipt not printed.
print-indeterminate = Receipt perhaps not printed.
print-saved = The sale is saved.
print-again = Print again as copy
print-let-go = Leave it

## Scans
scan-quantity = { $quantity } ×
scan-spoken = { $quantity } { $name }. Total { $total }.
scan-elsewhere = The scan went to order { $number }, now on screen.
scan-refused = Not rung up: { $input }. { $reason }
refused-unknown-code = Nothing has this code. Search for the item by its name.
refused-invalid-check-digit = The code was misread. Scan it once more.

## Status
status-title = How the shop is running
status-lost = Not connected
status-summary =
    { $troubles ->
        [0] Ready
        [one] 1 thing needs a hand
       *[other] { $troubles } things need a hand
    }
appliance = This shop’s appliance
appliance-live = Connected · version { $version }
appliance-lost = Not connected. Trying again by itself.
headquarters = Headquarters
sync-off = Not set up. Selling does not need it.
sync-connecting = Connecting. Selling goes on.
sync-connected =
    { $waiting ->
        [0] Up to date.
        [one] Connected, 1 entry on its way.
       *[other] Connected, { $waiting } entries on their way.
    }
sync-offline =
    { $waiting ->
        [0] Out of reach. Selling goes on, nothing waits.
        [one] Out of reach. Selling goes on, 1 entry waits.
       *[other] Out of reach. Selling goes on, { $waiting } entries wait.
    }
sync-refused = Headquarters refuses this store. Selling goes on; call support.
last-seen = Last heard { $at }
devices = Devices
no-devices = No devices are set up.
device-scanner = Scanner
device-receipt-printer = Receipt printer
device-kitchen-printer = Kitchen printer
device-label-printer = Label printer
device-card-terminal = Card terminal
device-scale = Scale
device-customer-display = Customer display
device-bump-bar = Bump bar
device-rfid-reader = RFID reader
device-output = Lamp or buzzer
device-simulated = Simulated: this is no device.
simulated-devices =
    { $simulated ->
        [one] 1 device is only simulated
       *[other] { $simulated } devices are only simulated
    }
device-state-starting = Starting
device-state-online = Ready
device-state-offline = Not answering
device-state-claimed = Used by another program
device-state-not-permitted = Found, but access is not allowed
device-state-faulted = Faulty
test = Test
test-sent = The device was told to show that it works.
