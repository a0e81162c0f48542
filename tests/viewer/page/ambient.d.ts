/* eslint-disable @typescript-eslint/triple-slash-reference -- the page is compiled by the tests' configuration */
/// <reference types="svelte" />
/// <reference path="../../../src/renderer/viewer/cornerstone-core.d.ts" />
