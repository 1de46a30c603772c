dashboard-title = Outpost headquarters
navigation = Views
hq-line-lost = No live connection to headquarters for { $since }. Figures below are of the time they show.
view-stores = Stores
view-sales = Sales
view-catalogue = Catalogue
view-conflicts = Conflicts
as-of = as of { $when }
as-of-now = as of now
as-of-never = no figures yet
fetch-failed = These figures could not be fetched.

## Stores
stores-caption = Stores with their state, what they have not yet sent, and today’s sales
no-stores = No store is enrolled yet.
column-name = Store
column-state = State
column-behind = Behind
column-seen = Last seen
column-sales = Sales today
state-online = Online
state-offline = Offline
state-never-seen = Never seen
state-revoked = Revoked
state-quarantined = Quarantined
sales-today = Sales today, all stores
sale-count =
    { $count ->
        [one] 1 sale
       *[other] { $count } sales
    }
oldest-figure = oldest figure
stores-online = Stores online
of-stores = { $online } of { $all }
stores-behind =
    { $behind ->
        [0] All figures are complete.
        [one] 1 store is offline or behind: the total may grow.
       *[other] { $behind } stores are offline or behind: the total may grow.
    }
up-to-date = Up to date
entries =
    { $entries ->
        [one] 1 entry
       *[other] { $entries } entries
    }
behind-for = for { $since }
last-known = last known
never = Never
unknown = Unknown

## Sales
from = From
to = To
group-by = Group by
by-day = Day
by-store = Store
by-item = Item
total = Total
dates-reversed = The first day is after the last one.
no-sales = No sales in these days.
sales-caption = Sales by group
column-count = Sales
column-quantity = Quantity
column-total = Total
column-share = Share

## Catalogue
search-items = Find items
search-items-hint = Name, code or number
no-items = Nothing found.
catalogue-caption = Items and their prices
column-item = Item
column-category = Category
column-code = Code
column-tax = VAT
column-price = Price
percent = { $rate } %
in-conflict = In conflict
change-price = Change the price of { $name }, now { $price }
new-price = New price of { $name }
save = Save
leave = Leave
price-saved = { $name } now costs { $price }. The tills follow as soon as they hear it.

## Conflicts
conflicts-lead = The same price was written in two places that could not hear each other. The stores sell at the value that holds now, until you settle it.
no-conflicts = There is nothing to settle.
written-by = by { $by }, { $at }
holds-now = Holds now
keep-value = Keep { $value }
take-value = Take { $value } instead
conflict-settled = { $name } is settled.
