# icmpprobe: `make help` lists the targets. Everything is built into build/ and dist/.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
# The skeleton is an intermediate file, and kept.
.SECONDARY:

NODE ?= node
CLANG ?= clang
CXX ?= g++
CLANGXX ?= $(CLANG)++
# One test file: make test-unit TESTS=lexer
TESTS ?=

ARCH := $(shell uname -m)
IN_PARALLEL := --no-print-directory --silent --jobs=$(shell nproc)
AS_ROOT := $(if $(filter-out 0,$(shell id -u)),$(shell command -v sudo))
BPF_HEADERS := $(wildcard bpf/*.h)
ADDON_SOURCES := $(wildcard addon/*.cc)
ADDON_OBJECTS := $(filter-out build/icmpprobe_netns.o,$(ADDON_SOURCES:addon/%.cc=build/%.o))
FOLLOWER_OBJECTS := $(addprefix build/,icmpprobe_netns.o namespace_follower.o network_namespace.o netfilter_links.o \
	capabilities.o failure.o)
PAGE := $(wildcard src/agent/page/public/*)
TYPESCRIPT := $(shell find src -name '*.ts' ! -name '*.gen.ts')

# libbpf's name of the architecture, for the registers that a kprobe reads.
BPF_ARCH := $(patsubst x86_64,x86,$(patsubst aarch64,arm64,$(ARCH)))
BPF_FLAGS := -target bpf -D__TARGET_ARCH_$(BPF_ARCH) -mcpu=v3 -g -O2 -Wall -Wextra -Wno-unused-parameter -Ibpf -I/usr/include/$(ARCH)-linux-gnu
# Node brings the headers of its own version along; Debian puts them into /usr/include/node.
NODE_HEADERS = $(shell $(NODE) -p 'require("path").resolve(process.execPath, "../../include/node")')
CXX_FLAGS = -std=c++17 -O2 -g -fPIC -fno-exceptions -fvisibility=hidden -Wall -Wextra -MMD -Ibuild -isystem $(NODE_HEADERS) \
	-isystem node_modules/node-addon-api -DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS -DNAPI_VERSION=8

# Fuzzers, and what they are made of: decode.h, and all of the addon's reading of captures.
FUZZERS := $(patsubst test/fuzz/%.cc,build/fuzz/%,$(wildcard test/fuzz/*.cc))
FUZZ_FLAGS := -std=c++17 -g -O2 -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-Wall -Wextra -MMD
FUZZED := $(patsubst addon/%.cc,build/fuzz/%.o,$(filter-out %_object.cc,$(wildcard addon/capture*.cc)))
# What `make bench-overhead` measures.
BACKEND ?= auto
PAIRS ?= 10
# Of all fuzzers together, in `make fuzz`.
EXECUTIONS ?= 10000000

.PHONY: help setup build check format test test-unit test-kernel test-vm vm demo bench bench-program bench-scrape bench-capture bench-overhead bench-rtt \
	dtrace-expectations fuzz fuzzers clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

demo: ## set up, build, and count real ICMP errors in a namespace of its own
	@.ci/setup build
	@$(MAKE) $(IN_PARALLEL) build
	@if $(AS_ROOT) $(NODE) dist/cli/main.js doctor >/dev/null; then $(AS_ROOT) $(NODE) test/demo.js; \
	else echo 'demo: nothing can be traced here (icmpprobe doctor says why): under an emulated kernel instead'; \
	.ci/setup vm; test/vm/boot 6.12 $(NODE) test/demo.js; fi

test: ## set up, build, check and run all tests
	@.ci/setup build vm test
	@$(MAKE) $(IN_PARALLEL) build check
	@$(NODE) test/run.js unit kernel vm --brief $(TESTS)

build: dist/cli/main.js dist/icmpprobe.node dist/icmpprobe-netns ## build the BPF object, the addon and the TypeScript

check: src/event/offsets.gen.ts ## formatting and lint: Biome, clang-format
	@node_modules/.bin/biome check --config-path=.biome.json --error-on-warnings .
	@clang-format-14 --dry-run --Werror bpf/*.[ch] addon/*.h addon/*.cc $(wildcard test/bench/*.c) test/fuzz/*.h test/fuzz/*.cc
	@node_modules/.bin/tsc --noEmit -p test/tsconfig.json

format: ## rewrite the sources as `check` wants them
	@node_modules/.bin/biome check --config-path=.biome.json --write .
	@clang-format-14 -i bpf/*.[ch] addon/*.h addon/*.cc $(wildcard test/bench/*.c) test/fuzz/*.h test/fuzz/*.cc

test-unit: build ## the tests that need no privilege (TESTS=name: one file)
	@$(NODE) test/run.js unit $(TESTS)

test-kernel: build ## the tests with real traffic, as root (TESTS=name: one file)
	@$(NODE) test/run.js kernel $(TESTS)

test-vm: build ## every emulated kernel by every backend that it has (KERNEL=6.12: one of them)
	@.ci/setup vm test
	@KERNEL=$(KERNEL) $(NODE) test/run.js vm

vm: build ## a shell under an emulated kernel (KERNEL=5.10|6.1|6.12|sid; SCRIPT='…': run this instead)
	@.ci/setup vm
	@test/vm/boot $(or $(KERNEL),6.12) $(if $(SCRIPT),"$$SCRIPT")

bench: build ## one table: icmpprobe and its peers on the same flood, as root
	@.ci/setup build test bench
	@$(AS_ROOT) $(NODE) test/bench/bench.js

bench-overhead: build ## what icmpprobe costs TCP and UDP, as root (BACKEND=netfilter PAIRS=10; KERNEL=6.12: counted in instructions)
	@.ci/setup build $(if $(KERNEL),vm) bench
	@$(if $(KERNEL),test/vm/boot $(KERNEL) -i,$(AS_ROOT) env) BACKEND=$(BACKEND) PAIRS=$(PAIRS) $(NODE) test/bench/overhead.js

dtrace-expectations: ## ask the real DTrace again what test/dtrace/programs print (an emulated kernel, 5 minutes)
	@.ci/setup vm test
	@test/dtrace/make-expectations

bench-rtt: build ## icmpprobe's round-trip times beside ping's own, as root (BACKEND=netfilter ECHOES=1000; KERNEL=6.12: emulated)
	@$(if $(KERNEL),test/vm/boot $(KERNEL),$(AS_ROOT) env) BACKEND=$(BACKEND) $(NODE) test/bench/rtt.js

bench-program: build ## records per second through programs, memory per key
	@$(NODE) --expose-gc test/bench/program.js

bench-scrape: build ## milliseconds to render 10,000 series for Prometheus
	@$(NODE) test/bench/scrape.js

fuzz: build fuzzers ## fuzz the decoder and the reading of captures, ten million executions (EXECUTIONS=…)
	@$(NODE) test/fuzz/fuzz.js --executions $(EXECUTIONS)

fuzzers: $(FUZZERS)

bench-capture: build ## messages per second from a capture, beside tshark and tcpdump (MESSAGES=4000000)
	@.ci/setup test
	@$(NODE) test/bench/capture.js

clean: ## remove what was built
	rm -rf build dist src/event/offsets.gen.ts

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

build/%.bpf.o: bpf/%.bpf.c $(BPF_HEADERS)
	@mkdir -p build
	$(CLANG) $(BPF_FLAGS) -c $< -o $@

build/%.skel.h: build/%.bpf.o
	bpftool gen skeleton $< name $* > $@.new
	@mv $@.new $@

src/event/offsets.gen.ts: build/netfilter.bpf.o src/event/generate-offsets.js
	$(NODE) src/event/generate-offsets.js $< > $@.new
	@mv $@.new $@

build/%.o: addon/%.cc build/netfilter.skel.h build/function.skel.h node_modules/.package-lock.json
	$(CXX) $(CXX_FLAGS) -c $< -o $@

build/fuzz/%.o: addon/%.cc
	@mkdir -p build/fuzz
	$(CLANGXX) $(FUZZ_FLAGS) -c $< -o $@

build/fuzz/packets build/fuzz/captures: $(FUZZED)

build/fuzz/%: test/fuzz/%.cc
	@mkdir -p build/fuzz
	$(CLANGXX) $(FUZZ_FLAGS) -o $@ $(filter %.cc %.o,$^) -lpcap

dist/icmpprobe.node: $(ADDON_OBJECTS)
	@mkdir -p dist
	$(CXX) -shared -o $@ $^ -lbpf -lpcap -pthread

dist/icmpprobe-netns: $(FOLLOWER_OBJECTS)
	@mkdir -p dist
	$(CXX) -o $@ $^ -lbpf

dist/cli/main.js: $(TYPESCRIPT) $(PAGE) src/event/offsets.gen.ts tsconfig.json node_modules/.package-lock.json
	node_modules/.bin/tsc
	@mkdir -p dist/agent/page/public && cp $(PAGE) dist/agent/page/public/
	@chmod +x $@
	@touch $@

-include $(ADDON_SOURCES:addon/%.cc=build/%.d) $(FUZZED:.o=.d) $(FUZZERS:=.d)
