import { RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { type Access, ACCESS } from '../../src/common/auth/access.decorators';
import type { TestApp } from './app';

/** An id that nothing has. */
export const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';

interface Router {
  stack: { route?: { path: string; methods: Record<string, boolean> } }[];
}

/**
 * Every route of a controller, as `GET /api/orders/:id`. Each has one method: what stands under all methods is
 * where Nest says that there is no such route.
 */
export function routesOf({ app }: TestApp): string[] {
  const express = app.getHttpAdapter().getInstance() as { router: Router };
  return express.router.stack
    .flatMap(({ route }) => {
      const [method, ...others] = Object.keys(route?.methods ?? {});
      return route && method && others.length === 0 ? [`${method.toUpperCase()} ${route.path}`] : [];
    })
    .filter((route) => !route.includes(' /api/docs'));
}

/** The method of a route, and its path with ids that nothing has. */
export function callOf(route: string): { method: string; path: string } {
  const [method = '', path = ''] = route.split(' ');
  return { method, path: `/${path.replace(/:\w+/g, UNKNOWN_ID)}` };
}

/** The routes on which only staff may change something. */
export function staffWritesOf({ app }: TestApp): string[] {
  const [discovery, scanner, reflector] = [
    app.get(DiscoveryService, { strict: false }),
    app.get(MetadataScanner, { strict: false }),
    app.get(Reflector),
  ];
  return discovery.getControllers().flatMap(({ instance, metatype }) => {
    const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name] as () => unknown;
      const access = reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, metatype ?? handler]);
      const isForStaff = Array.isArray(access) && !access.includes('CUSTOMER');
      const method = RequestMethod[Reflect.getMetadata('method', handler) as number] ?? '';
      if (!isForStaff || method === 'GET') return [];
      const parts = [metatype ?? handler, handler].map(
        (owner) => Reflect.getMetadata('path', owner) as string,
      );
      return [`${method} /api/${parts.filter((part) => part !== '/').join('/')}`];
    });
  });
}
