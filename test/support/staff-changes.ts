import type { Answer, Json } from './api-client';
import { fileOf, importFile } from './catalogue-files';
import { Gallery } from './gallery';
import { png } from './pictures';
import { PASSWORD, type Shop, unique } from './shop';

type Call = (shop: Shop, headers: Record<string, string>) => Promise<Answer<Json>>;

const WEBHOOK = { url: 'http://127.0.0.1:9/a-token', events: ['order.placed'] };

const aWebhook = async ({ admin }: Shop): Promise<string> =>
  (await admin.api.post('/webhooks', WEBHOOK)).body.id;

/** An order of somebody. */
export const anOrder = async (shop: Shop): Promise<Json> =>
  shop.order(await shop.customer(), [{ productId: (await shop.product()).id, quantity: 1 }]);

/** A change by staff on every route where they can make one, and what the log calls it. */
export const STAFF_CHANGES: Record<string, [action: string, call: Call]> = {
  'POST /api/categories': [
    'category.created',
    ({ editor }, headers) => editor.api.post('/categories', { name: unique() }, headers),
  ],
  'PATCH /api/categories/:id': [
    'category.updated',
    async (shop, headers) =>
      shop.editor.api.patch(`/categories/${(await shop.category()).id}`, { position: 3 }, headers),
  ],
  'PUT /api/categories/:id': [
    'category.updated',
    async (shop, headers) =>
      shop.editor.api.put(`/categories/${(await shop.category()).id}`, { name: unique() }, headers),
  ],
  'DELETE /api/categories/:id': [
    'category.deleted',
    async (shop, headers) => shop.editor.api.delete(`/categories/${(await shop.category()).id}`, headers),
  ],
  'POST /api/products': [
    'product.created',
    ({ editor }, headers) => editor.api.post('/products', { name: unique(), price: 1 }, headers),
  ],
  'PATCH /api/products/:id': [
    'product.updated',
    async (shop, headers) =>
      shop.editor.api.patch(`/products/${(await shop.product()).id}`, { price: 2 }, headers),
  ],
  'PUT /api/products/:id': [
    'product.updated',
    async (shop, headers) =>
      shop.editor.api.put(`/products/${(await shop.product()).id}`, { name: unique(), price: 2 }, headers),
  ],
  'DELETE /api/products/:id': [
    'product.deleted',
    async (shop, headers) => shop.editor.api.delete(`/products/${(await shop.product()).id}`, headers),
  ],
  'POST /api/products/import': [
    'product.created',
    ({ editor }, headers) => importFile(editor, fileOf(`${unique()},New,,1,,2,,,,,`), { headers }),
  ],
  'POST /api/products/:id/stock-adjustments': [
    'product.stock_adjusted',
    async (shop, headers) =>
      shop.editor.api.post(
        `/products/${(await shop.product()).id}/stock-adjustments`,
        { delta: 2, reason: 'Found' },
        headers,
      ),
  ],
  'POST /api/products/:id/images': [
    'product.images_changed',
    async (shop, headers) => (await Gallery.open(shop)).upload({ file: await png() }, headers),
  ],
  'PATCH /api/products/:id/images/:imageId': [
    'product.images_changed',
    async (shop, headers) => {
      const gallery = await Gallery.open(shop);
      return shop.editor.api.patch(gallery.at(await gallery.add()), { alt: 'New' }, headers);
    },
  ],
  'DELETE /api/products/:id/images/:imageId': [
    'product.images_changed',
    async (shop, headers) => {
      const gallery = await Gallery.open(shop);
      return shop.editor.api.delete(gallery.at(await gallery.add()), headers);
    },
  ],
  'POST /api/coupons': [
    'coupon.created',
    ({ admin }, headers) => admin.api.post('/coupons', { code: unique(), discountPercent: 5 }, headers),
  ],
  'PATCH /api/coupons/:id': [
    'coupon.updated',
    async (shop, headers) =>
      shop.admin.api.patch(`/coupons/${(await shop.coupon()).id}`, { usageLimit: 5 }, headers),
  ],
  'PUT /api/coupons/:id': [
    'coupon.updated',
    async (shop, headers) =>
      shop.admin.api.put(
        `/coupons/${(await shop.coupon()).id}`,
        { code: unique(), discountPercent: 5 },
        headers,
      ),
  ],
  'DELETE /api/coupons/:id': [
    'coupon.deleted',
    async (shop, headers) => shop.admin.api.delete(`/coupons/${(await shop.coupon()).id}`, headers),
  ],
  'PUT /api/orders/:id/status': [
    'order.status_changed',
    async (shop, headers) =>
      shop.editor.api.put(`/orders/${(await anOrder(shop)).id}/status`, { status: 'processing' }, headers),
  ],
  'PUT /api/orders/:id/payment-status': [
    'order.payment_status_changed',
    async (shop, headers) =>
      shop.editor.api.put(
        `/orders/${(await anOrder(shop)).id}/payment-status`,
        { paymentStatus: 'paid' },
        headers,
      ),
  ],
  'PATCH /api/orders/:id': [
    'order.updated',
    async (shop, headers) =>
      shop.editor.api.patch(`/orders/${(await anOrder(shop)).id}`, { trackingNumber: '1Z' }, headers),
  ],
  'DELETE /api/orders/:id': [
    'order.deleted',
    async (shop, headers) => shop.admin.api.delete(`/orders/${(await anOrder(shop)).id}`, headers),
  ],
  'POST /api/webhooks': [
    'webhook.created',
    ({ admin }, headers) => admin.api.post('/webhooks', WEBHOOK, headers),
  ],
  'PATCH /api/webhooks/:id': [
    'webhook.updated',
    async (shop, headers) =>
      shop.admin.api.patch(`/webhooks/${await aWebhook(shop)}`, { isActive: false }, headers),
  ],
  'DELETE /api/webhooks/:id': [
    'webhook.deleted',
    async (shop, headers) => shop.admin.api.delete(`/webhooks/${await aWebhook(shop)}`, headers),
  ],
  'POST /api/webhooks/:id/rotate-secret': [
    'webhook.secret_rotated',
    async (shop, headers) =>
      shop.admin.api.post(`/webhooks/${await aWebhook(shop)}/rotate-secret`, {}, headers),
  ],
  'POST /api/users': [
    'user.created',
    ({ admin }, headers) =>
      admin.api.post('/users', { email: `${unique()}@example.com`, password: PASSWORD }, headers),
  ],
  'DELETE /api/users/:id': [
    'user.deleted',
    async (shop, headers) => shop.admin.api.delete(`/users/${(await shop.customer()).id}`, headers),
  ],
};

/** Routes on which staff send something and change nothing. */
export const NO_CHANGES = [
  'POST /api/webhooks/:id/test',
  'POST /api/webhooks/:id/deliveries/:deliveryId/redeliver',
];

/** Routes that customers have as well: on these only what staff do as such is logged. */
export const SHARED_CHANGES: Record<string, [action: string, call: Call]> = {
  'PATCH /api/users/:id': [
    'user.updated',
    async (shop, headers) =>
      shop.admin.api.patch(`/users/${(await shop.customer()).id}`, { roles: ['EDITOR'] }, headers),
  ],
  'PUT /api/users/:id': [
    'user.updated',
    async (shop, headers) =>
      shop.admin.api.put(`/users/${(await shop.customer()).id}`, { firstName: 'Ann' }, headers),
  ],
  'POST /api/orders/:id/cancel': [
    'order.cancelled',
    async (shop, headers) => shop.editor.api.post(`/orders/${(await anOrder(shop)).id}/cancel`, {}, headers),
  ],
};
