// What the page does better with a script. Everything works without it.
"use strict";
