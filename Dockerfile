# The proxy with its production dependencies, as pnpm-lock.yaml has them: docker build -t llamaduct .
# No BuildKit needed. A release passes the base image by its digest.
ARG NODE=node:24-bookworm-slim

FROM ${NODE} AS build
WORKDIR /src
ENV CI=true DO_NOT_TRACK=1 TURBO_TELEMETRY_DISABLED=1
# pnpm in the version that the repository names.
COPY package.json ./
RUN npm install --global --no-audit --no-fund "$(node -p 'require("./package.json").packageManager')"
COPY . .
# In one step, since what it leaves behind is only the last folder.
RUN pnpm install --frozen-lockfile --filter llamaduct-monorepo --filter "@llamaduct/proxy..." --filter "@llamaduct/dashboard..." \
    && pnpm turbo run build --filter=@llamaduct/proxy --output-logs=errors-only \
    && pnpm --filter @llamaduct/proxy deploy --prod /out \
    # What nobody reads at run time, and what pnpm notes of when and where it ran.
    && find /out \( -name "*.map" -o -name "*.d.ts" -o -name "*.d.mts" -o -name "*.d.cts" \) -delete \
    && rm -rf /out/node_modules/.modules.yaml /out/node_modules/.pnpm-workspace-state*.json /out/pnpm-workspace.yaml

FROM ${NODE}
COPY --from=build /out /opt/llamaduct
# /app is the user's: config.yaml, and the providers that npm installs beside it.
RUN ln -s /opt/llamaduct/dist/main.js /usr/local/bin/llamaduct && mkdir --parents /app && chown node:node /app
WORKDIR /app
USER node
ENV NODE_ENV=production HOST=0.0.0.0
EXPOSE 4000
# Of PORT, as the proxy; one that was changed by --port, or that serves TLS, needs --health-cmd.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health/liveliness`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["llamaduct", "--generate-key"]
