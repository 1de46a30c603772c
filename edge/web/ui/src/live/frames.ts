import type {
  CardCharge,
  Device,
  GateEvent,
  Money,
  Order,
  PrintJob,
  Sale,
  SyncStatus,
  Ticket,
} from '../api/shapes';

/** Frames with a sequence, as the store's live feed sends them. */
interface Numbered {
  seq: number;
  topic: string;
  at: string;
}

export interface ScanRungUp {
  terminal: string;
  order_id: string;
  line_id: string;
  name: string;
  quantity: string;
  total: Money;
}

export interface ScanRefused {
  terminal: string;
  input: string;
  code: string;
  detail: string;
}

export type StoreFrame = Numbered &
  (
    | { type: 'order_changed'; data: { order: Order } }
    | { type: 'sale_completed'; data: { sale: Sale; order_id?: string | null } }
    | { type: 'ticket_fired' | 'ticket_bumped' | 'ticket_recalled'; data: { ticket: Ticket } }
    | { type: 'scan_rung_up'; data: ScanRungUp }
    | { type: 'scan_refused'; data: ScanRefused }
    | { type: 'card_changed'; data: { card: CardCharge } }
    | { type: 'gate_alarm' | 'gate_changed'; data: { event: GateEvent } }
    | { type: 'device_changed'; data: { device: Device } }
    | { type: 'sync_changed'; data: SyncStatus }
    | { type: 'items_changed'; data: { skus: string[] } }
    | { type: 'print_job_changed'; data: { print_job: PrintJob } }
  );

/** Headquarters only pokes: each frame names what to fetch again. */
export type HeadquartersFrame = Numbered & { type: string; data: unknown };

export interface Hello {
  type: 'hello';
  seq: number;
  reset: boolean;
}

export interface Heartbeat {
  type: 'heartbeat';
  seq: number;
}
