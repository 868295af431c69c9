/** Two for statements, one that hears of new jobs, one that shows that this worker lives. */
export const JOB_CONNECTIONS = 4;
