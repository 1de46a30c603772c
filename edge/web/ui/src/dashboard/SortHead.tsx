import { Icon } from '../kit/Icon';

export interface Sorting<Column extends string> {
  by: Column;
  descending: boolean;
}

interface Props<Column extends string> {
  column: Column;
  label: string;
  number?: boolean;
  sorting: Sorting<Column>;
  onSort: (sorting: Sorting<Column>) => void;
}

/** A column's head that sorts: a native table and a button need no widget library. */
export function SortHead<Column extends string>(props: Props<Column>) {
  const { column, label, number, sorting, onSort } = props;
  const active = sorting.by === column;
  const direction = sorting.descending ? 'descending' : 'ascending';
  const next = { by: column, descending: active ? !sorting.descending : number === true };
  return (
    <th scope="col" aria-sort={active ? direction : undefined} className={number ? 'number' : ''}>
      <button type="button" className="sort" onClick={() => onSort(next)}>
        {label}
        {active && <Icon name={sorting.descending ? 'down' : 'up'} />}
      </button>
    </th>
  );
}
