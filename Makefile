# The commands a newcomer needs: `make demo` and `make test`. Both install what is missing first, without a question.
SHELL := /bin/bash
export UV_PYTHON_DOWNLOADS := never
UV := $(shell command -v uv || echo python3 -m uv)
RUN := $(UV) run --no-sync
CODE := cli functions infra local shared training function_app.py samples bench tests

.PHONY: demo test check format bench chaos setup setup-test infra-check clean

demo: setup
	$(RUN) podatelna demo

test: setup-test
	$(RUN) pytest -n 2 --dist loadfile

check: setup
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy

format: setup
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

bench: setup-test
	$(RUN) python -m bench

chaos: setup-test
	$(RUN) python -m bench.chaos

infra-check: setup
	$(UV) tool run --from checkov==3.3.30 checkov --quiet --compact --skip-download --directory infra --framework bicep

setup: .stamps/python .stamps/node .stamps/tesseract

setup-test: setup .stamps/browser

.stamps/python: pyproject.toml requirements.txt uv.lock
	@mkdir -p .stamps
	$(UV) --version >/dev/null 2>&1 || python3 -m pip install --quiet uv
	$(UV) sync --locked --quiet --compile-bytecode
	$(RUN) python -m compileall -q $(wildcard $(CODE))
	@touch $@

.stamps/node: package.json package-lock.json
	@mkdir -p .stamps
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Debian and Ubuntu; elsewhere `podatelna doctor` says what is missing and how to get it.
.stamps/tesseract: local/setup.sh
	@mkdir -p .stamps
	bash local/setup.sh tesseract-ocr tesseract-ocr-slk tesseract-ocr-osd
	@touch $@

.stamps/browser: local/setup.sh
	@mkdir -p .stamps
	bash local/setup.sh chromium poppler-utils fonts-dejavu-core fonts-liberation
	@touch $@

clean:
	rm -rf .stamps .podatelna .pytest_cache .mypy_cache .ruff_cache .hypothesis
