# Reads lines "family destination hex-packet" and sends each packet as it is, headers and all; answers "end" to "end".
use strict; use Socket;
$| = 1;
socket(my $four, 2, 3, 255) or die "raw4 $!";
setsockopt($four, 0, 3, pack("i", 1)) or die "hdrincl $!";
socket(my $six, 10, 3, 255) or die "raw6 $!";
while (my $line = <STDIN>) {
    my ($family, $to, $hex) = split ' ', $line;
    if ($family eq 'end') { print "end\n"; next; }
    my $packet = pack('H*', $hex);
    my $sent = $family eq '4'
        ? send($four, $packet, 0, pack_sockaddr_in(0, inet_aton($to)))
        : send($six, $packet, 0, pack_sockaddr_in6(0, Socket::inet_pton(10, $to)));
    print "failed $to: $!\n" unless defined $sent;
}
