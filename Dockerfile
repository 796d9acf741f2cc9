# Airflow with Gonggo: the versions of requirements.lock, and what the containers need beside them.
FROM python:3.12-slim-bookworm AS build
WORKDIR /build
COPY docker/uv.lock ./
COPY docker/requirements.lock ./
# Compiled once here: no container can write what Python would keep.
RUN pip install --no-cache-dir --require-hashes -r uv.lock \
    && uv venv /opt/venv \
    && uv pip install --python /opt/venv/bin/python --no-cache --compile-bytecode --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY sql sql
COPY plugins plugins
RUN uv pip install --python /opt/venv/bin/python --no-cache --compile-bytecode --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
ENV PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH \
    AIRFLOW_HOME=/opt/gonggo/airflow GONGGO_HOME=/opt/gonggo/data \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/gonggo/app/dags

WORKDIR /opt/gonggo/app
COPY --from=build /opt/venv /opt/venv
COPY dags dags
COPY demo demo
# The folders that volumes are mounted on belong to the user who writes there.
RUN useradd --uid 50000 --gid 0 --home-dir /opt/gonggo airflow \
    && mkdir -p /opt/gonggo/airflow/logs /opt/gonggo/data /opt/gonggo/backup /opt/gonggo/store \
    && chown -R 50000:0 /opt/gonggo/airflow /opt/gonggo/data /opt/gonggo/backup /opt/gonggo/store
USER 50000:0
# No entrypoint: compose and the chart for Kubernetes both name the program that they start.
