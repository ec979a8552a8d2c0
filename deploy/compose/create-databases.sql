-- Run once, when the volume is empty: a database for each service, so that none can read another's tables by mistake.
CREATE ROLE cumulet LOGIN PASSWORD 'cumulet';
CREATE DATABASE instances OWNER cumulet;
CREATE DATABASE billing OWNER cumulet;
CREATE DATABASE firewall OWNER cumulet;
CREATE DATABASE spotmarket OWNER cumulet;
CREATE DATABASE endpoint OWNER cumulet;
