<?php

/**
 * WHMCS's other documented or widely called global functions. They exist, so that a module which looks for them finds
 * them, and they end the request loudly: the emulator does not play them.
 */

foreach ([
    'getGatewayVariables', 'checkCbInvoiceID', 'checkCbTransID', 'addInvoicePayment', 'logTransaction', 'callback3DSecureRedirect', 'getRegistrarConfigOptions',
    'createInvoices', 'updateInvoiceTotal', 'processPaidInvoice', 'addTransaction', 'getPricingInfo', 'getCartConfigOptions', 'recalcRecurringProductPrice',
    'addTicketReply', 'openNewTicket', 'get_flagged_tickets', 'migrateCustomFields', 'getLastFMTransactionID', 'calcCartTotals', 'bundlesConvertBillingCycle',
] as $emulatorMissingFunction) {
    if (!function_exists($emulatorMissingFunction)) {
        // A function with a name known only now can be declared in no other way.
        eval(sprintf(
            'function %1$s() { Emulator\Missing::report("function", "%1$s"); throw new RuntimeException("the emulator lacks the function %1$s"); }',
            $emulatorMissingFunction
        ));
    }
}
unset($emulatorMissingFunction);
