# The program with its dependencies and its compressed static files; data live in /var/lib/maillage.
FROM python:3.13-slim-bookworm AS build
WORKDIR /srv/maillage
COPY requirements-scale.lock .
RUN python -m venv /srv/venv \
 && /srv/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-scale.lock
COPY . .
ENV PATH=/srv/venv/bin:$PATH MAILLAGE_STATIC=/srv/static
RUN MAILLAGE_VAR=/tmp/build python -m maillage prepare --static-only \
 && python -m whitenoise.compress --quiet /srv/static \
 && python -m compileall -q maillage config

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 900 --home-dir /var/lib/maillage --create-home maillage
COPY --from=build /srv /srv
WORKDIR /srv/maillage
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MAILLAGE_STATIC=/srv/static \
    MAILLAGE_VAR=/var/lib/maillage \
    MAILLAGE_BIND=0.0.0.0
USER maillage
VOLUME /var/lib/maillage
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "maillage"]
CMD ["web"]
