# The names that people who work on Mattermost plugins expect; each is one task of build/xtask.
XTASK = cargo run --quiet --locked -p xtask --

.DEFAULT_GOAL := help
.PHONY: all run test dist check-style bench deploy enable disable reset logs watch format clean help

all: check-style test dist ## Check, test and build the bundle

run: ## Build and open the playground: a small Mattermost with a Jenkins to talk to (PORT=8066, HOST_PROTOCOL=netrpc|grpc)
	@$(XTASK) run

test: ## Run every test that needs no outside server
	@$(XTASK) test

dist: ## Build dist/<id>-<version>.tar.gz and its SHA-256
	@$(XTASK) dist

check-style: ## Formatting, lints, documentation, manifests, licences
	@$(XTASK) check-style

bench: ## Measure against the same plugin in Go; writes target/bench.json
	@$(XTASK) bench

deploy: ## Build for this platform and install on a server (MM_LOCALSOCKETPATH, or MM_SERVICESETTINGS_SITEURL and MM_ADMIN_TOKEN)
	@MM_SERVICESETTINGS_ENABLEDEVELOPER=true $(XTASK) deploy

enable: ## Enable the plugin on the server
	@$(XTASK) enable

disable: ## Disable the plugin on the server
	@$(XTASK) disable

reset: ## Disable and enable the plugin on the server
	@$(XTASK) reset

logs: ## Print the plugin's lines of the server's log
	@$(XTASK) logs

watch: ## Deploy whenever a source file changes
	@command -v inotifywait >/dev/null || { echo "make watch needs inotifywait (package inotify-tools)"; exit 1; }
	@while inotifywait --quiet --recursive --event close_write,move,delete --exclude '/(target|dist|node_modules|\.git)/' .; do $(MAKE) --no-print-directory deploy || true; done

format: ## Format the sources
	@cargo fmt --all

clean: ## Remove everything that was built
	@cargo clean --quiet
	@rm -rf dist server/dist webapp/dist

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'
