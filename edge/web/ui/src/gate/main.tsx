import { hang } from '../kit/hang';
import './gate.css';
import { Screen } from './Screen';

hang(['kit', 'gate'], <Screen />);
