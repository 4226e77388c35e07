<?php

namespace WHMCS\Billing\Payment;

use WHMCS\Model\AbstractModel;

class Transaction extends AbstractModel
{
    protected $table = 'tblaccounts';
    protected $columnMap = ['clientId' => 'userid', 'invoiceId' => 'invoiceid', 'transactionId' => 'transid', 'amountIn' => 'amountin', 'amountOut' => 'amountout', 'paymentGateway' => 'gateway'];
    public $timestamps = false;
}
