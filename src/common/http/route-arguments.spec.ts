import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { partsTaken } from './route-arguments';

describe('the parts of a request that a method takes', () => {
  it('are those of its arguments', () => {
    const metadata = { [`${RouteParamtypes.BODY}:0`]: {}, [`${RouteParamtypes.QUERY}:2`]: {} };
    expect(partsTaken(metadata)).toEqual(new Set([RouteParamtypes.BODY, RouteParamtypes.QUERY]));
    expect(partsTaken(undefined)).toEqual(new Set());
  });

  it('are not mistaken for custom ones, whose random keys begin with a digit now and then', () => {
    expect(partsTaken({ '3f9Kd2__customRouteArgs__:0': {}, '4__customRouteArgs__:1': {} })).toEqual(
      new Set(),
    );
  });
});
