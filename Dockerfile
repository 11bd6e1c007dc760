# The build: compile with the development dependencies, then leave them out.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run prepare && npm prune --omit=dev --ignore-scripts

# The image, file by file: Node, the shared libraries that it names, and premortem with what it depends on.
WORKDIR /image
RUN install -D /usr/local/bin/node nodejs/bin/node \
 && ldd /usr/local/bin/node | grep -o '/[^ ]*' | xargs cp --parents --dereference --target-directory=. \
 && mkdir app \
 && cp -R /app/package.json /app/node_modules /app/dist app/

# No shell, no package manager, nothing to write to.
FROM scratch
COPY --from=build /image /
COPY LICENSE NOTICE /app/
USER 65532:65532
# Nothing here needs eval or __proto__, and untrusted input cannot make use of them.
ENTRYPOINT ["/nodejs/bin/node", "--disable-proto=delete", "--disallow-code-generation-from-strings", "/app/dist/main.js"]
