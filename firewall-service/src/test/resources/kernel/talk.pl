# listen ADDRESS PORT: accepts connections and greets, until stdin ends. connect ADDRESS PORT: greeting, refused or timeout.
# ping ADDRESS: reply or timeout.
use strict; use Socket; use Errno qw(ECONNREFUSED); use POSIX ();
$| = 1;
my ($what, $address, $port) = @ARGV;
my $six = $address =~ /:/;
my $family = $six ? AF_INET6 : AF_INET;
my $to = $six ? Socket::pack_sockaddr_in6($port // 0, Socket::inet_pton(AF_INET6, $address))
              : pack_sockaddr_in($port // 0, inet_aton($address));
$SIG{ALRM} = sub { print "timeout\n"; POSIX::_exit(0) };
if ($what eq 'listen') {
    socket(my $server, $family, SOCK_STREAM, 6) or die $!;
    setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
    bind($server, $to) or die "bind $!";
    listen($server, 5) or die $!;
    print "listening\n";
    my $parent = $$;
    if (fork == 0) { while (<STDIN>) {} kill 'KILL', $parent; POSIX::_exit(0); }
    while (accept(my $client, $server)) { syswrite $client, "hello\n"; close $client; }
} elsif ($what eq 'connect') {
    alarm 1;
    socket(my $client, $family, SOCK_STREAM, 6) or die $!;
    if (!connect($client, $to)) { print $! == ECONNREFUSED ? "refused\n" : "$!\n"; exit 0; }
    print scalar <$client>;
} elsif ($what eq 'ping') {
    alarm 1;
    socket(my $raw, $family, SOCK_RAW, $six ? 58 : 1) or die $!;
    my $id = $$ & 0xffff;
    my $sum = 0xffff & ~((0x0800 + $id + 1) % 0xffff);
    send($raw, $six ? pack('CCnnn', 128, 0, 0, $id, 1) : pack('CCnnn', 8, 0, $sum, $id, 1), 0, $to) or die "send $!";
    while (1) {
        recv($raw, my $answer, 1500, 0);
        $answer = substr($answer, 20) unless $six;
        my ($type, $code, $checksum, $of) = unpack('CCnn', $answer);
        if ($type == ($six ? 129 : 0) && $of == $id) { print "reply\n"; exit 0; }
    }
}
