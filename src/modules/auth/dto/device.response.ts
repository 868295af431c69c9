/** A session as its user sees it: one sign-in on one device. */
export class DeviceResponse {
  id: string;
  userAgent: string | null;
  ip: string | null;
  createdAt: string;
  lastUsedAt: string;
  /** The session of this very request. */
  current: boolean;
}

export class DeviceList {
  data: DeviceResponse[];
}
