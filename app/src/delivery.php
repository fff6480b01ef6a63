<?php
// When the tea arrives, on the server's own clock.

/** New Year's tea is at the door for the first breakfast of the year: eight o'clock in Kyoto. */
const FIRST_BREAKFAST = '2027-01-01T08:00:00+09:00';

function delivery_time(): string
{
    return (new DateTimeImmutable(FIRST_BREAKFAST))
        ->setTimezone(new DateTimeZone(date_default_timezone_get()))
        ->format(say('delivery.format'));
}
