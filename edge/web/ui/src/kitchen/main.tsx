import { hang } from '../kit/hang';
import './kitchen.css';
import './ticket.css';
import { Screen } from './Screen';

hang(['kit', 'kitchen'], <Screen />);
