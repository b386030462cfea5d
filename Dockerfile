# syntax=docker/dockerfile:1

# ---- build: everything, compilers included (better-sqlite3 is compiled where no prebuilt one fits)
FROM node:20-bookworm-slim AS build
WORKDIR /app
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 make g++ \
 && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
# nothing of the code yet: this layer is kept while the dependencies stay the same
RUN npm ci --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY data/taxonomy.yaml ./data/taxonomy.yaml
COPY data/sample ./data/sample
RUN npx nest build && npm prune --omit=dev --no-audit --no-fund

# ---- run: the built program and what it needs, as a user who owns nothing but data/var
FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/data ./data
RUN mkdir -p data/var && chown node:node data/var
USER node
VOLUME /app/data/var
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# exec: the stop signal reaches the program itself, which ends within 10 s
CMD ["sh", "-c", "node dist/cli.js migrate && exec node dist/main.js"]
