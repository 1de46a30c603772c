// A development aid and nothing more: a fake store and a fake headquarters in one process, in
// memory, for `npm run dev` and for trying the browser tests without the real binaries. It follows
// the frozen HTTP shapes; it is not durable, not checked and never shipped.
import { join } from 'node:path';
import { startHeadquarters } from './headquarters.mjs';
import { startStore } from './store.mjs';

const here = import.meta.dirname;
const storePort = Number(process.env.FAKE_STORE_PORT ?? 4100);
const hqPort = Number(process.env.FAKE_HQ_PORT ?? 4101);

startStore(storePort, join(here, '../../assets/dist'));
startHeadquarters(hqPort, join(here, '../../../../cloud-sync/server/assets/dist'));
console.log(`fake store         http://127.0.0.1:${storePort}/pos/?terminal=T1`);
console.log(`fake kitchen       http://127.0.0.1:${storePort}/kitchen/?station=kitchen`);
console.log(`fake gate          http://127.0.0.1:${storePort}/gate/?gate=gate1`);
console.log(`fake headquarters  http://127.0.0.1:${hqPort}/dashboard/`);
