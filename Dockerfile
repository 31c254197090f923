# One image for all programs; the command says which: api/main.ts (the default), worker/main.ts, worker/scaler/main.ts,
# codec-server/main.ts, simulator/main.ts, drizzle/migrate.ts, operator/main.ts. Node runs the TypeScript as it stands, by taking the types off, so what was tested is what runs.
# The base is a tag, so that a clone builds it as it is. Who publishes the image names the bytes: `--build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:…`.
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund \
  # Temporal's core comes for five systems, 137 MB, with the sources in Rust; the image needs its own.
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} + \
  && rm -rf node_modules/@temporalio/core-bridge/sdk-core node_modules/@temporalio/core-bridge/src

# The docs page needs one script of a package of 152 MB that is otherwise for development. `npm pack` does not look into
# the lock file, so what came is compared with it here.
RUN npm pack --silent "@scalar/api-reference@$(node -p "require('./package.json').devDependencies['@scalar/api-reference']")" \
  && test "sha512-$(node -p "crypto.createHash('sha512').update(fs.readFileSync(process.argv[1])).digest('base64')" scalar-api-reference-*.tgz)" \
    = "$(node -p "require('./package-lock.json').packages['node_modules/@scalar/api-reference'].integrity")" \
  && mkdir -p node_modules/@scalar/api-reference \
  && tar -xzf scalar-api-reference-*.tgz -C node_modules/@scalar/api-reference --strip-components=1 package/package.json package/dist/index.js package/dist/browser/standalone.js \
  && rm scalar-api-reference-*.tgz

FROM ${NODE_IMAGE} AS programs
ENV NODE_ENV=production
WORKDIR /app
# Nothing is installed from here on, and what is not there needs no repair.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-*
# Where the simulator keeps its journal, worker and API their objects and the keys of payloads, and the worker the key of the archive; a named
# volume put here takes over the owner.
RUN mkdir -p /var/lib/quittance/objects /var/lib/quittance/keys /var/lib/quittance/payload-keys && chown -R node:node /var/lib/quittance
# Where `drizzle/write-token.ts` keeps a token for a program that is not ours.
RUN mkdir -p /run/tokens && chown node:node /run/tokens
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY domain domain
COPY config config
COPY telemetry telemetry
COPY concurrency concurrency
COPY http-client http-client
COPY drizzle drizzle
COPY ledger ledger
COPY rails rails
COPY cache cache
COPY storage storage
COPY statements statements
COPY archive archive
COPY archive-verification archive-verification
COPY encryption encryption
COPY workflows workflows
COPY activities activities
COPY worker worker
COPY api api
COPY codec-server codec-server
COPY simulator simulator
COPY operator operator
# The workflows' bundle is made here once, not by every worker that starts: nothing is written into the image later.
# The compiler unpacks itself into a cache of 30 MB on the way.
RUN node worker/bundle.ts && rm -rf ~/.cache
USER node
# Exec form: the program is the process that gets SIGTERM, and stops gracefully by itself.
CMD ["node", "api/main.ts"]

# `--target amazon --build-arg RDS_CA_SHA256=<sum>`: the same with the authorities of Amazon's databases, for `sslrootcert=/etc/quittance/rds-ca.pem`.
# Who builds it says the sum of the file that was looked at, so another file ends the build.
FROM programs AS amazon
ARG NODE_IMAGE
RUN case "${NODE_IMAGE}" in *@sha256:*) ;; *) echo 'Name the base by its digest: --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:<digest>' >&2; exit 1 ;; esac
ARG RDS_CA_SHA256
ADD --checksum=sha256:${RDS_CA_SHA256} --chmod=0444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/quittance/rds-ca.pem
# Fargate mounts over a root that cannot be written; a mount has the owner of the image's folder only where it is declared here.
VOLUME ["/tmp", "/run/tokens", "/var/lib/quittance"]

# Without a target.
FROM programs
