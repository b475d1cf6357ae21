#!/usr/bin/env node
import { main } from "../dist/process/main-thread.js";

main();
