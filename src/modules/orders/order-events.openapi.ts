import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { EVENT_STREAM } from '../../common/http/event-stream';
import { OrderEventList } from './dto/order.response';

const EXAMPLE = [
  'retry: 3000',
  '',
  'id: 019a9f0e-5b0a-7c31-8f4e-2f6f0c9b7d10',
  'event: order_event',
  'data: {"id":"019a9f0e-5b0a-7c31-8f4e-2f6f0c9b7d10","from":"pending","to":"processing","at":"2026-11-20T09:30:00.000Z","note":null}',
  '',
  ':',
  '',
  '',
].join('\n');

/** Documents the history of an order in both of its forms. */
export const ApiOrderEvents = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ApiExtraModels(OrderEventList),
    ApiOkResponse({
      description:
        'The history as a list; or as a stream of server-sent events, each with the JSON of the list.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(OrderEventList) } },
        [EVENT_STREAM]: { schema: { type: 'string' }, example: EXAMPLE },
      },
    }),
  );
