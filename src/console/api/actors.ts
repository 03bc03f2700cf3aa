/** Names of those who do things: the server names people and keys by ids, which never change. Never a login. */
import { useQuery } from '@tanstack/react-query';
import { texts } from '../texts/texts.ts';
import { ask } from './ask.ts';

/** From person:<id> or key:<id> to a name; what is not known stays as it is. */
export function useActorName(): (actor: string) => string {
  const { data } = useQuery(ask('GET /actors'));
  const names = new Map(data?.items.map(({ actor, name }) => [actor, name]));
  return (actor) => names.get(actor) ?? (actor === 'system' ? texts.actors.system : actor);
}
