<?php

// Texts of the customer's product page. Copy this file to <language>.php to translate it.
return [
    'copy' => 'Copy',
    'copied' => 'Copied',
    'dashboard' => 'Open dashboard',
    'sign_on' => 'Log in',
    'working' => 'Your service is being worked on. This page shows the result in a few minutes.',
    'suspended' => 'Your service is suspended at the moment.',
];
