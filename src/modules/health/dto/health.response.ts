export class HealthResponse {
  status: 'ok';
}

export class DependencyHealth {
  status: 'up' | 'down' | 'disabled' | 'pending';
  /** How long it took to answer, in milliseconds; null when it was not asked. */
  ms: number | null;
}

export class ReadinessResponse {
  status: 'ready' | 'not_ready' | 'shutting_down';
  database: DependencyHealth;
  redis: DependencyHealth;
  migrations: DependencyHealth;
}
