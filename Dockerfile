# The knowledge base as an image: no network at run time, no root, the base in the volume /data.
#   docker build -t cx-knowledge-base .
# docs/operate.md says how a base and a key are made before it serves.
FROM python:3.11-slim-bookworm AS built

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY pyproject.toml locked.txt README.md LICENSE ./
COPY kb ./kb
COPY ingest ./ingest
COPY index ./index
COPY api ./api
COPY samples ./samples
# What the wheel needs, file by file as it was hashed; then the wheel.
RUN python -m venv /opt/kb \
    && /opt/kb/bin/pip install --require-hashes --requirement locked.txt \
    && python -m pip wheel --no-deps --wheel-dir /wheel . \
    && /opt/kb/bin/pip install --no-deps /wheel/*.whl
# The program is tried once: an image whose model, tagger or readers cannot be loaded is not built.
RUN printf 'Loyalty.\n' > /tmp/first.txt \
    && /opt/kb/bin/kb ingest /tmp/first.txt --base /tmp/first

FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 --create-home --home-dir /home/kb kb \
    && install --directory --owner kb --group kb --mode 0700 /data
COPY --from=built /opt/kb /opt/kb
ENV PATH=/opt/kb/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KB_BASE=/data/base
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Beyond loopback the server starts only with a live key in the base.
ENTRYPOINT ["kb"]
CMD ["serve", "--host", "0.0.0.0"]
