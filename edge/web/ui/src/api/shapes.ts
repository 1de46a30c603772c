import type { components } from './generated/store';

// The shop's nouns as they travel. They come from the appliance's own OpenAPI page; nothing here
// may be written by hand, so that a changed shape is a compile error and not a surprise at noon.
type Schemas = components['schemas'];

export type Money = Schemas['Money'];
export type Problem = Schemas['Problem'];
export type StoreInfo = Schemas['Store'];
export type Item = Schemas['Item'];
export type ModifierGroup = Schemas['ModifierGroup'];
export type Category = Schemas['Category'];
export type Order = Schemas['Order'];
export type OrderKind = Order['kind'];
export type Line = Schemas['Line'];
export type PaymentTaken = Schemas['PaymentTaken'];
export type Sale = Schemas['Sale'];
export type PrintJob = Schemas['PrintJob'];
export type CardCharge = Schemas['CardCharge'];
export type Device = Schemas['Device'];
export type GateEvent = Schemas['GateEvent'];
export type Ticket = Schemas['Ticket'];
export type SyncStatus = Schemas['SyncStatus'];
