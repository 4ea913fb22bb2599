# Every command sets itself up: it checks what is missing and installs it. The work is done in Scripts/.
.DEFAULT_GOAL := help
.PHONY: help run test build lint format generated vllm test-vllm soak sanitize fuzz plugin test-plugin test-amplifier test-browser test-otlp test-http2 bench bench-quick bench-events bench-check clean

# make run PROMPT="…" CONFIGURATION=release; make run ARGS="--logprobs 3", make test ARGS="--filter JSONTests"
export PROMPT CONFIGURATION

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## ask "What is 2+2?" (PROMPT="…") of the built-in simulator, or of the server at VLLM_BASE_URL
	@Scripts/run.sh $(ARGS)

test: ## run the unit tests (ARGS="--filter JSONTests" for one suite)
	@Scripts/test.sh $(ARGS)

build: ## build everything, tests included
	@Scripts/setup.sh && swift build --build-tests

lint: ## check the formatting
	@swift format lint --strict --parallel --recursive Sources Tests Benchmarks Fuzz/Sources Fuzz/Package.swift Package.swift

format: ## correct the formatting
	@swift format --in-place --parallel --recursive Sources Tests Benchmarks Fuzz/Sources Fuzz/Package.swift Package.swift

generated: ## write the files that are made from the sources (docs/configuration.md, docs/errors.md, …)
	@UPDATE_GENERATED=1 swift test --quiet --filter 'GeneratedFileTests|ConformanceTests|ErrorPageTests'

vllm: ## install vLLM into .venv-vllm and serve the tiny model on port 8000 (VLLM_PORT), until Ctrl-C
	@Scripts/install-vllm.sh && exec Scripts/serve-vllm.sh $(ARGS)

test-vllm: ## run the integration tests against a real vLLM, started if none is up
	@Scripts/test-vllm.sh $(ARGS)

soak: ## 10,000 requests, 256 at once, to servers that make trouble (ARGS="--requests 1000")
	@Scripts/soak.sh $(ARGS)

sanitize: ## run the unit tests under the address sanitizer and under the thread sanitizer
	@Scripts/sanitize.sh address && Scripts/sanitize.sh thread

fuzz: ## run every fuzz target for 10 s (ARGS="json 60" for one, longer); Fuzz/README.md says what they check
	@Scripts/fuzz.sh $(ARGS)

plugin: ## build Plugins/provider-vllm/libprovider-vllm.so, which hosts load; docs/plugins.md
	@Scripts/plugin.sh

test-plugin: ## test the plugin and the one in C with a host in C, valgrind and sanitizers (ARGS="--calls 20000 --address")
	@Scripts/test-plugin.sh $(ARGS)

test-amplifier: ## test the Amplifier adapter in the real host, amplifier-core (ARGS="-k cancel" for some of its sessions)
	@Scripts/test-amplifier.sh $(ARGS)

test-browser: ## open pages of sessions in a headless Chromium and use them as a reader does (ARGS="-k search" for some tests)
	@Scripts/test-browser.sh $(ARGS)

test-otlp: ## check what `vllm-host events export` writes against OpenTelemetry's own protocol
	@Scripts/test-otlp.sh $(ARGS)

test-http2: ## prove that streams share a connection of HTTP/2, through nginx
	@Scripts/test-http2.sh $(ARGS)

bench: ## measure this project and others (ARGS="--only stream,requests"; --growth for plots); docs/performance.md
	@Scripts/bench.sh $(ARGS)

bench-quick: ## the main measures in two minutes, nothing is written
	@Scripts/bench.sh --quick --no-write $(ARGS)

bench-events: ## read a log of 1,000 MB (ARGS=100 for less) with wc, grep, jq and vllm-host
	@Scripts/bench-events.sh $(ARGS)

bench-check: ## count instructions and allocations of the fixed paths against their thresholds (ARGS="sse", ARGS=--self-test, UPDATE=1)
	@UPDATE=$(UPDATE) Scripts/bench-check.sh $(ARGS)

clean: ## remove what was built (.venv-vllm stays)
	rm -rf .build Fuzz/.build Plugins/provider-vllm/libprovider-vllm.so Plugins/provider-vllm/manifest.json
	@$(MAKE) --silent -C Plugins/echo-c clean
